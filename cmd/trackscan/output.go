package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"

	"trackscan/crawler/browser"
	"trackscan/report"
)

// output is a file that the report is written to.
type output struct {
	path   string
	format report.Format
	pdf    bool // format is HTML, which a browser prints
}

// newOutput tells by a file's extension what is to be written to it, and false when it tells nothing.
func newOutput(path string) (output, bool) {
	if extension(path) == ".pdf" {
		page, ok := report.FormatNamed("html")
		return output{path, page, true}, ok
	}
	f, ok := report.FormatOf(path)
	return output{path, f, false}, ok
}

func (j *job) writeFiles(r report.Report) error {
	var all error
	for _, o := range j.outputs {
		if err := j.writeFile(o, r); err != nil {
			all = errors.Join(all, fmt.Errorf("write %s: %w", o.path, err))
		}
	}
	return all
}

func (j *job) writeFile(o output, r report.Report) error {
	if o.pdf {
		return j.printFile(o, r)
	}
	f, err := os.Create(o.path)
	if err != nil {
		return err
	}
	return errors.Join(o.format.Write(f, r, report.Style{}), f.Close())
}

// printFile writes a report as PDF.
func (j *job) printFile(o output, r report.Report) error {
	ctx := context.Background() // an interrupt ends the scan, not the writing of what it saw
	path, err := j.app.findBrowser(ctx, j.flags.browser, !j.flags.noInstall)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := o.format.Write(&page, r, report.Style{}); err != nil {
		return err
	}
	pdf, err := browser.PrintPDF(ctx, path, page.Bytes())
	if err != nil {
		return err
	}
	return os.WriteFile(o.path, pdf, 0o644)
}
