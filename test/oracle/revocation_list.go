//go:build go1.19
// +build go1.19

package main

import "crypto/x509"

func parseRevocationList(der []byte) string {
	_, err := x509.ParseRevocationList(der)
	return text(err)
}
