// Reads texts, one JSON string a line, and prints what sigs.k8s.io/yaml v1.4.0, etcd's decoder, makes of
// each as the value of a string, a bool and a uint; null where it refuses it:
//
//	go mod init golden && go mod tidy && go run . < texts > yaml-scalars.json
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

func read[Value any](text string) *Value {
	var into struct {
		Value Value `json:"s"`
	}
	if yaml.Unmarshal([]byte("s: "+text+"\n"), &into) != nil {
		return nil
	}
	return &into.Value
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var text string
		_ = json.Unmarshal(lines.Bytes(), &text)
		row := map[string]any{"text": text, "string": read[string](text), "bool": read[bool](text), "uint": read[uint](text)}
		out, _ := json.Marshal(row)
		fmt.Println(string(out))
	}
}
