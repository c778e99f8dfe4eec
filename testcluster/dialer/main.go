// Dials a URL with crypto/tls and sends one HTTP request. It presents exactly the certificates of its file,
// well formed or not, whatever CAs the server asks for, and accepts any server. Prints one JSON line.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

type seen struct {
	// What became of it: `unreachable` when there was no TCP connection.
	Outcome string `json:"outcome"`
	// Address and port it came from, by which the listener's log distinguishes it from the others.
	Local string `json:"local,omitempty"`
	Error   string `json:"error,omitempty"`
	Status  int    `json:"status,omitempty"`
	Body    string `json:"body,omitempty"`
}

var (
	to     = flag.String("url", "", "what to dial")
	source = flag.String("source", "", "address to dial from")
	cert   = flag.String("cert", "", "file of the certificates to present")
	key    = flag.String("key", "", "file of the key")
	body   = flag.String("body", "", "what to post instead of a GET")
)

func main() {
	flag.Parse()
	result := dial()
	// A reset can overtake the alert that says why.
	for tries := 0; tries < 4 && lostInReset(result.Error); tries++ {
		time.Sleep(50 * time.Millisecond)
		result = dial()
	}
	json.NewEncoder(os.Stdout).Encode(result)
}

func lostInReset(text string) bool {
	return strings.Contains(text, "reset by peer") || strings.Contains(text, "broken pipe")
}

func dial() seen {
	target, err := url.Parse(*to)
	if err != nil {
		return seen{Outcome: "refused", Error: err.Error()}
	}
	dialer := net.Dialer{Timeout: 3 * time.Second}
	if *source != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(*source)}
	}
	conn, err := dialer.Dial("tcp", target.Host)
	if err != nil {
		return seen{Outcome: "unreachable", Error: err.Error()}
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	local := conn.LocalAddr().String()
	if target.Scheme == "https" {
		settings, err := settings()
		if err != nil {
			return seen{Outcome: "refused", Error: err.Error()}
		}
		conn = tls.Client(conn, settings)
	}
	result := ask(conn, target)
	result.Local = local
	return result
}

func settings() (*tls.Config, error) {
	all := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10}
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		all.CipherSuites = append(all.CipherSuites, suite.ID)
	}
	if *cert == "" {
		return all, nil
	}
	shown, err := load()
	all.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		return &shown, nil
	}
	return all, err
}

// The key is loaded with the leaf alone; the rest of the chain goes out as it is.
func load() (tls.Certificate, error) {
	text, err := os.ReadFile(*cert)
	if err != nil {
		return tls.Certificate{}, err
	}
	keyText, err := os.ReadFile(*key)
	if err != nil {
		return tls.Certificate{}, err
	}
	var chain [][]byte
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			chain = append(chain, block.Bytes)
		}
	}
	if len(chain) == 0 {
		return tls.Certificate{}, errors.New("no certificate in " + *cert)
	}
	leaf := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: chain[0]})
	pair, err := tls.X509KeyPair(leaf, keyText)
	pair.Certificate = chain
	return pair, err
}

func ask(conn net.Conn, target *url.URL) seen {
	method := "GET"
	if *body != "" {
		method = "POST"
	}
	path := target.RequestURI()
	if path == "/" {
		path = "/version"
	}
	_, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s",
		method, path, target.Host, len(*body), *body)
	// After a failed write the alert that explains it may still be read.
	answer, readErr := http.ReadResponse(bufio.NewReader(conn), nil)
	if readErr != nil {
		if err != nil && !lostInReset(err.Error()) {
			readErr = err
		}
		return seen{Outcome: "refused", Error: readErr.Error()}
	}
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	return seen{Outcome: "answered", Status: answer.StatusCode, Body: string(text)}
}
