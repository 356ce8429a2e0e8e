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
	known := map[string]bool{}
	results := 0
	for d := json.NewDecoder(f); ; results++ { // demo writes one result for each site
		var facts report.Facts
		err := d.Decode(&facts)
		switch {
		case errors.Is(err, io.EOF) && results > 0:
			return known, nil
		case err != nil || facts.Schema != report.Schema:
			return nil, fmt.Errorf("--baseline %s: not a result of --format json (schema %s)", path, report.Schema)
		}
		for _, finding := range facts.Findings {
			known[finding.ID] = true
		}
	}
}
