module dialer

go 1.19
