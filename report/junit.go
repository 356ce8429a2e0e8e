package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"trackscan/classify"
)

// The parts of JUnit's XML that servers of continuous integration agree on.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Timestamp string      `xml:"timestamp,attr,omitempty"`
		Time      string      `xml:"time,attr"` // seconds
		Cases     []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string       `xml:"classname,attr"`
		Name    string       `xml:"name,attr"`
		Failure *junitResult `xml:"failure"`
		Error   *junitResult `xml:"error"`
		Skipped *junitResult `xml:"skipped"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a report as the results of tests: each finding is a test that failed, or was skipped when it is
// low or exempted; what was not seen is an error of the test that everything was.
func writeJUnit(w io.Writer, r Report, _ Style) error {
	f := r.Facts
	s := junitSuite{Name: "trackscan " + r.Host, Time: fmt.Sprintf("%.0f", max(0, f.Ended.Sub(f.Started).Seconds()))}
	if !f.Started.IsZero() {
		s.Timestamp = f.Started.Format(time.RFC3339)
	}
	s.add(junitWhole(r))
	for _, one := range f.Findings {
		s.add(junitFinding(one))
	}
	for _, e := range f.Exempted {
		s.add(junitCase{Class: junitClass(e.Rule), Name: show(e.ID), Skipped: &junitResult{Message: "exempted: " + sentence(e.Reason)}})
	}
	text, err := xml.MarshalIndent(junitSuites{Suites: []junitSuite{s}}, "", "  ")
	if err != nil {
		return fmt.Errorf("write junit: %w", err)
	}
	_, err = w.Write([]byte(xml.Header + string(text) + "\n"))
	return err
}

func (s *junitSuite) add(c junitCase) {
	s.Tests++
	s.Failures += one(c.Failure != nil)
	s.Errors += one(c.Error != nil)
	s.Skipped += one(c.Skipped != nil)
	s.Cases = append(s.Cases, c)
}

func junitClass(rule string) string { return "trackscan." + show(rule) }

// junitWhole is the test of whether everything could be seen.
func junitWhole(r Report) junitCase {
	c := junitCase{Class: "trackscan.scan", Name: "the scan is whole"}
	if r.Facts.Whole && !r.Dead {
		return c
	}
	var lines []string
	for _, w := range r.Warnings {
		lines = append(append(lines, w.Text), w.Details...)
	}
	c.Error = &junitResult{Message: Headline(r), Type: "incomplete", Text: strings.Join(lines, "; ")}
	return c
}

func junitFinding(f classify.Finding) junitCase {
	c := junitCase{Class: junitClass(f.Rule), Name: show(f.ID)}
	result := &junitResult{Message: sentence(f.Message), Type: show(string(f.Severity)), Text: sentence(f.Fix)}
	if f.Severity == classify.Low {
		c.Skipped = result
	} else {
		c.Failure = result
	}
	return c
}
