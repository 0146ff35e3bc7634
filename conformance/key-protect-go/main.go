// Runs one part of the scenario against a gateway and prints what came of each call, a line of JSON each.
//
//	key-protect-go build-up < input.json
//
// The input, one JSON object: `url` of the API, `instance`, API keys `manager` and `reader`, `certificates`
// (PEM by name), `privateKey` (PEM), and for `take-down` the `objects` made meanwhile (identifiers by state).
// SSL_CERT_FILE names the certificate of the gateway's authority.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

type input struct {
	URL          string            `json:"url"`
	Instance     string            `json:"instance"`
	Manager      string            `json:"manager"`
	Reader       string            `json:"reader"`
	Certificates map[string]string `json:"certificates"`
	PrivateKey   string            `json:"privateKey"`
	Objects      map[string]string `json:"objects"`
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: key-protect-go build-up|take-down|root-keys < input.json")
	}
	var given input
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		return fmt.Errorf("the input is no JSON of the expected form: %w", err)
	}
	s, err := newScenario(given, newReport(os.Stdout))
	if err != nil {
		return err
	}
	parts := map[string]func(){"build-up": s.buildUp, "take-down": s.takeDown, "root-keys": s.rootKeys}
	part, known := parts[args[0]]
	if !known {
		return fmt.Errorf("there is no part %q", args[0])
	}
	part()
	return s.report.err
}
