package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/history/historytest"
	"trackscan/report"
)

// Two processes scan two sites at once into one store, and a third one is kept from scanning the first site beside them.
func TestTwoScansOneStore(t *testing.T) {
	for name, store := range map[string]string{
		"sqlite": filepath.Join(t.TempDir(), "scans.db"), "postgres": historytest.Postgres(t),
	} {
		t.Run(name, func(t *testing.T) {
			sites := map[string]string{"www.shop.test": longSite, "www.club.test": strings.ReplaceAll(longSite, "shop.test", "club.test")}
			scans := map[string]*process{}
			for site, text := range sites {
				args := append(runArgs(serveText(t, text), site, store), "--format", "json", "--fail-on", "never")
				scans[site] = startProcess(t, args...)
			}
			scans["www.shop.test"].awaitPages(t, 1)
			requireRefused(t, []string{"run", "https://shop.test", "--store", store}, "the site is being scanned by another process")
			for site, p := range scans {
				code, facts := p.wait(t)
				require.Equal(t, exitOK, code)
				require.Len(t, facts.Pages, 7, "6 pages and a journey")
				requireStored(t, site, store, facts)
			}
		})
	}
}

// requireStored writes a stored scan again: it is the one that was printed.
func requireStored(t *testing.T, site, store string, want report.Facts) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	run(t.Context(), []string{"report", site, "--store", store, "--format", "json", "--fail-on", "never"}, nil, &stdout, &stderr)
	var got report.Facts
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got), stderr.String())
	require.Equal(t, timeless(t, want), timeless(t, got))
}
