package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"trackscan/report"
)

// readBaseline reads the IDs of the findings of an earlier result, which do not fail the run again.
func readBaseline(path string) (map[string]bool, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	defer f.Close()
	known, err := parseBaseline(f)
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w", path, err)
	}
	return known, nil
}

// parseBaseline reads one result or several, one after the other.
func parseBaseline(r io.Reader) (map[string]bool, error) {
	known := map[string]bool{}
	results := 0
	for d := json.NewDecoder(r); ; results++ { // demo writes one result for each site
		var facts report.Facts
		err := d.Decode(&facts)
		switch {
		case errors.Is(err, io.EOF) && results > 0:
			return known, nil
		case err != nil || facts.Schema != report.Schema:
			return nil, fmt.Errorf("not a result of --format json (schema %s)", report.Schema)
		}
		for _, finding := range facts.Findings {
			known[finding.ID] = true
		}
	}
}
