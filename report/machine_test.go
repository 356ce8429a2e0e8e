package report

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/require"
	"github.com/xeipuuv/gojsonschema"

	"trackscan/classify"
)

// SARIF is valid against the standard's schema, whatever names pages invent.
func TestSARIFIsValid(t *testing.T) {
	for _, j := range append(judgedScans(), crowdedShop(50, 5)) {
		requireSARIF(t, j.report(), write(t, mustFormat(t, "sarif"), j.report(), Style{}))
	}
	j := richShop()
	r := Build(&j.scan, j.result, j.policies, Options{Exempted: []Exemption{{ID: j.result.Findings[0].ID, Reason: "known"}}})
	requireSARIF(t, r, write(t, mustFormat(t, "sarif"), r, Style{}))
}

func TestHostileSARIF(t *testing.T) {
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		requireSARIF(t, r.Report, r.as(t, "sarif"))
	})
}

func requireSARIF(t *testing.T, r Report, out []byte) {
	t.Helper()
	log, err := sarif.FromBytes(out)
	require.NoError(t, err)
	schema, err := sarifStandard()
	require.NoError(t, err)
	valid, err := schema.Validate(gojsonschema.NewBytesLoader(out))
	require.NoError(t, err)
	require.Empty(t, valid.Errors())
	require.Len(t, log.Runs, 1)
	require.Len(t, log.Runs[0].Results, len(r.Facts.Findings)+len(r.Facts.Exempted))
	for _, result := range log.Runs[0].Results {
		require.Equal(t, *result.RuleID, *log.Runs[0].Tool.Driver.Rules[result.RuleIndex].ID)
		require.NotEmpty(t, result.Locations)
		for _, at := range result.Locations {
			where, err := url.Parse(*at.PhysicalLocation.ArtifactLocation.URI)
			require.NoError(t, err)
			require.False(t, where.IsAbs() || where.Host != "", "%s: GitHub takes no addresses of the web", where)
			require.NotEmpty(t, where.Path)
		}
	}
}

// sarifStandard is the schema that the standard publishes, as a module in public domain brings it along.
var sarifStandard = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		return nil, err
	}
	for node := range ast.Preorder(file) {
		if literal, ok := node.(*ast.BasicLit); ok && strings.Contains(literal.Value, sarifSchema) {
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				return nil, err
			}
			return gojsonschema.NewSchema(gojsonschema.NewStringLoader(text))
		}
	}
	return nil, errors.New("no schema in it")
})

func TestSARIFTellsWhatIsExempted(t *testing.T) {
	j := richShop()
	known := j.result.Findings[0]
	r := Build(&j.scan, j.result, j.policies, Options{Exempted: []Exemption{{ID: known.ID, Reason: "being removed"}}})
	var log sarifLog
	require.NoError(t, json.Unmarshal(write(t, mustFormat(t, "sarif"), r, Style{}), &log))
	last := log.Runs[0].Results[len(log.Runs[0].Results)-1]
	require.Equal(t, known.ID, last.Fingerprints["trackscan/1"])
	require.Equal(t, []sarifSuppression{{Kind: "external", Justification: "being removed"}}, last.Suppressions)
}

// Each finding is one test, and the numbers of the suite are those of its tests.
func TestJUnit(t *testing.T) {
	for _, j := range append(judgedScans(), crowdedShop(50, 5)) {
		r := j.report()
		s := readJUnit(t, write(t, mustFormat(t, "junit"), r, Style{}))
		require.Len(t, s.Cases, s.Tests)
		failed, skipped := 0, len(r.Facts.Exempted)
		for _, f := range r.Facts.Findings {
			failed += one(f.Severity != classify.Low)
			skipped += one(f.Severity == classify.Low)
		}
		require.Equal(t, failed, s.Failures, j.name)
		require.Equal(t, skipped, s.Skipped, j.name)
		require.Equal(t, one(!r.Facts.Whole), s.Errors, j.name)
	}
}

func TestHostileJUnit(t *testing.T) {
	eachHostile(t, func(t *testing.T, r poisonedReport) {
		suite := readJUnit(t, r.as(t, "junit"))
		require.Len(t, suite.Cases, suite.Tests)
	})
}

func readJUnit(t *testing.T, out []byte) junitSuite {
	t.Helper()
	var suites junitSuites
	require.NoError(t, xml.Unmarshal(out, &suites))
	require.Len(t, suites.Suites, 1)
	return suites.Suites[0]
}
