module dialler

go 1.19
