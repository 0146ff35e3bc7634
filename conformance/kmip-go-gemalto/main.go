// Sends messages of KMIP 2.x that Thales' library builds, and prints what came of each step, a line of JSON each.
//
//	kmip-go-gemalto --version 2.0 --address 127.0.0.1:5696 --ca ca.crt --cert client.crt --key client.key
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/gemalto/kmip-go"
	"github.com/gemalto/kmip-go/ttlv"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	version := flag.String("version", "2.0", "of KMIP")
	address := flag.String("address", "", "host and port of the server")
	ca := flag.String("ca", "", "what the server's certificate is checked against, PEM")
	cert := flag.String("cert", "", "certificate of the client, PEM")
	key := flag.String("key", "", "its private key, PEM")
	flag.Parse()

	var spoken kmip.ProtocolVersion
	if _, err := fmt.Sscanf(*version, "%d.%d", &spoken.ProtocolVersionMajor, &spoken.ProtocolVersionMinor); err != nil {
		return fmt.Errorf("--version takes two numbers: %w", err)
	}
	identity, err := tls.LoadX509KeyPair(*cert, *key)
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(*ca)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	connection, err := tls.Dial("tcp", *address, &tls.Config{
		Certificates: []tls.Certificate{identity},
		RootCAs:      roots,
	})
	if err != nil {
		return err
	}
	defer connection.Close()
	c := &client{
		connection: connection,
		decoder:    ttlv.NewDecoder(connection),
		version:    spoken,
		out:        json.NewEncoder(os.Stdout),
	}
	(&scenario{client: c, version: *version}).run()
	return c.err
}
