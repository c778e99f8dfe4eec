// The oracle: says what the standard library of the Go that runs it makes of certificates, PEM files,
// key pairs and revocation lists. One JSON question a line on standard input, one JSON string a line
// on standard output. Runs on every Go since 1.15.
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
	"time"
)

type question struct {
	Op            string
	Bytes         []byte
	Certificate   []byte
	Key           []byte
	Leaf          []byte
	Roots         [][]byte
	Intermediates [][]byte
	Host          string
	Usage         string
	At            time.Time
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	questions := json.NewDecoder(in)
	for questions.More() {
		var asked question
		if err := questions.Decode(&asked); err != nil {
			panic(err)
		}
		answer, err := json.Marshal(reply(asked))
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(out, string(answer))
	}
}

func reply(asked question) string {
	switch asked.Op {
	case "parse":
		_, err := x509.ParseCertificate(asked.Bytes)
		return text(err)
	case "verify":
		return verify(asked)
	case "pem":
		return blocks(asked.Bytes)
	case "pair":
		_, err := tls.X509KeyPair(asked.Certificate, asked.Key)
		return text(err)
	case "crl":
		return parseRevocationList(asked.Bytes)
	case "old-crl":
		_, err := x509.ParseCRL(asked.Bytes)
		return text(err)
	}
	panic("unknown question " + asked.Op)
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func pool(ders [][]byte) *x509.CertPool {
	certificates := x509.NewCertPool()
	for _, der := range ders {
		if certificate, err := x509.ParseCertificate(der); err == nil {
			certificates.AddCert(certificate)
		}
	}
	return certificates
}

func verify(asked question) string {
	leaf, err := x509.ParseCertificate(asked.Leaf)
	if err != nil {
		return text(err)
	}
	usage := map[string]x509.ExtKeyUsage{
		"serverAuth": x509.ExtKeyUsageServerAuth,
		"clientAuth": x509.ExtKeyUsageClientAuth,
		"any":        x509.ExtKeyUsageAny,
	}[asked.Usage]
	_, err = leaf.Verify(x509.VerifyOptions{
		DNSName:       asked.Host,
		Roots:         pool(asked.Roots),
		Intermediates: pool(asked.Intermediates),
		CurrentTime:   asked.At,
		KeyUsages:     []x509.ExtKeyUsage{usage},
	})
	return text(err)
}

func blocks(rest []byte) string {
	var found []string
	for {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			return strings.Join(found, "\n")
		}
		sum := sha256.Sum256(block.Bytes)
		found = append(found, fmt.Sprintf("%s %d %s", block.Type, len(block.Headers), hex.EncodeToString(sum[:4])))
	}
}
