// Takes a client of OVH's library through the lives of objects in one version of KMIP, and prints what came of
// each step, a line of JSON each.
//
//	kmip-go-ovh --version 1.4 --address 127.0.0.1:5696 --https 127.0.0.1:5697 --ca ca.crt --cert client.crt --key client.key
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/ovh/kmip-go"
	"github.com/ovh/kmip-go/kmipclient"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	version := flag.String("version", "1.4", "of KMIP")
	address := flag.String("address", "", "host and port of the server")
	https := flag.String("https", "", "host and port where the server takes POST /kmip")
	ca := flag.String("ca", "", "what the server's certificate is checked against, PEM")
	cert := flag.String("cert", "", "certificate of the client, PEM")
	key := flag.String("key", "", "its private key, PEM")
	flag.Parse()

	var spoken kmip.ProtocolVersion
	if _, err := fmt.Sscanf(*version, "%d.%d", &spoken.ProtocolVersionMajor, &spoken.ProtocolVersionMinor); err != nil {
		return fmt.Errorf("--version takes two numbers: %w", err)
	}
	r := newReport(os.Stdout)
	client, err := kmipclient.Dial(*address,
		kmipclient.WithRootCAFile(*ca),
		kmipclient.WithClientCertFiles(*cert, *key),
		kmipclient.EnforceVersion(spoken),
		kmipclient.WithMiddlewares(r.watch),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	posts, err := dialHTTPS(*https, *ca, *cert, *key)
	if err != nil {
		return err
	}
	s := &scenario{client: client, posts: posts, report: r, version: *version}
	s.run()
	return r.err
}
