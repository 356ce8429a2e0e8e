package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/report"
)

func (a *app) explainCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "explain [THING...]",
		Short: "what is known about a cookie name, a host or a URL (lines from stdin when none is given)",
		RunE: func(_ *cobra.Command, args []string) error {
			write, err := answerWriter(format)
			if err != nil {
				return err
			}
			return a.explain(args, write)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json (one object a line)")
	return c
}

// answerWriter returns the function that writes one answer in a format.
func answerWriter(format string) (func(io.Writer, catalog.Answer) error, error) {
	switch format {
	case "text":
		return writeAnswer, nil
	case "json":
		return func(w io.Writer, a catalog.Answer) error {
			e := json.NewEncoder(w)
			e.SetEscapeHTML(false)
			return e.Encode(a)
		}, nil
	}
	return nil, usagef("--format %q: text or json", format)
}

// maxLine is the longest line that explain reads, in bytes.
const maxLine = 1 << 20

func (a *app) explain(things []string, write func(io.Writer, catalog.Answer) error) (err error) {
	known, err := a.loadKnowledge()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(a.stdout)
	defer func() { err = errors.Join(err, out.Flush()) }()
	for _, thing := range things {
		if err := write(out, known.explain(thing)); err != nil {
			return err
		}
	}
	if len(things) > 0 {
		return nil
	}
	lines := bufio.NewScanner(a.stdin)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() {
		if err := write(out, known.explain(lines.Text())); err != nil {
			return err
		}
	}
	return lines.Err()
}

// explain asks the catalogue, and the lists where it is silent.
func (k knowledge) explain(line string) catalog.Answer {
	q := k.catalog.Ask(line)
	a := k.catalog.Explain(q)
	if a.Vendor != "" || a.Category != "" {
		return a
	}
	id, ok := k.all.Identify(q.Thing)
	if !ok {
		return a
	}
	a.Category, a.Purpose, a.Source = classify.Text(id.Category), id.Purpose, id.Source
	a.Pattern = cmp.Or(id.Pattern, id.Rule)
	if id.Vendor != nil {
		a.Vendor = classify.Text(id.Vendor.Name)
	}
	return a
}

// writeAnswer writes an answer for people: what it is, and what decided.
func writeAnswer(w io.Writer, a catalog.Answer) error {
	if a.Vendor == "" && a.Category == "" {
		_, err := fmt.Fprintf(w, "%s: unknown %s\n", report.Visible(a.Input), a.Kind)
		return err
	}
	facts := slices.DeleteFunc([]string{string(a.Vendor), string(a.Category)}, func(s string) bool { return s == "" })
	line := report.Visible(a.Input) + ": "
	for i, f := range facts {
		if i > 0 {
			line += ", "
		}
		line += f
	}
	_, err := fmt.Fprintf(w, "%s\n  %s\n  matched %s (%s)\n", line, cmp.Or(a.Purpose, "purpose not known"),
		cmp.Or(a.Pattern, a.Input), a.Source)
	return err
}
