// Reads texts, one JSON string a line, and prints what etcd's decoder makes of each as the value of every type
// of etcd's configuration file, in structs built as etcd's (server/embed/config.go configYAML); a type that
// refuses it is missing:
//
//	go mod init golden && go get sigs.k8s.io/yaml@VERSION && go run . < texts
//
// v1.1.0 (etcd 3.4), v1.2.0 (3.5), v1.4.0 (3.6) and v1.6.0 (3.7) print the same for all texts in yaml-values.json, which
// has them as one list, with the values by type as JSON in which numbers are text.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"sigs.k8s.io/yaml"
)

type Config[Value any] struct {
	Value Value `json:"s"`
}

type configJSON struct {
	Other string `json:"other"`
}

func read[Value any](into map[string]any, name, text string) {
	var config struct {
		Config[Value]
		configJSON
	}
	if yaml.Unmarshal([]byte("s: "+text+"\n"), &config) == nil {
		into[name] = config.Value
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var text string
		_ = json.Unmarshal(lines.Bytes(), &text)
		row := map[string]any{}
		read[string](row, "string", text)
		read[bool](row, "bool", text)
		read[uint](row, "uint", text)
		read[int](row, "int", text)
		read[uint32](row, "uint32", text)
		read[uint64](row, "uint64", text)
		read[int64](row, "int64", text)
		read[time.Duration](row, "time.Duration", text)
		read[[]string](row, "[]string", text)
		out, _ := json.Marshal([]any{text, row})
		fmt.Println(string(out))
	}
}
