package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"trackscan/report"
)

// declareFlags are the flags of declare.
type declareFlags struct {
	keptFlags
	format string
	scan   int64
}

func (a *app) declareCommand() *cobra.Command {
	var f declareFlags
	c := &cobra.Command{
		Use:   "declare SITE",
		Short: "the cookie declaration that the site should publish",
		Long: `Writes the table of cookies that the site should publish, from its last stored scan: by category, with provider, purpose,
lifetime and party. What the published policy does not have yet is marked "new". Sentences of the policy are left alone.`,
		Args: onlySite,
		RunE: func(c *cobra.Command, args []string) error { return a.declare(c, &f, args[0]) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.format, "format", report.DeclarationFormats[0], "what goes to stdout: "+strings.Join(report.DeclarationFormats, " "))
	flags.Int64Var(&f.scan, "scan", 0, "the scan with number `ID` in place of the last one")
	f.register(c)
	return c
}

func (a *app) declare(c *cobra.Command, f *declareFlags, site string) error {
	ctx := c.Context()
	j, store, err := f.open(a, c, site, func(configured) error { return f.check() })
	if err != nil {
		return err
	}
	defer store.Close()
	r, _, err := j.filed(ctx, store, f.scan, 0)
	if err != nil {
		return fmt.Errorf("declare %s: %w", site, err)
	}
	d := report.DeclarationOf(r)
	if err := d.Write(a.stdout, f.format); err != nil {
		return err
	}
	a.explainDeclaration(d, r)
	return nil
}

func (f *declareFlags) check() error {
	if !slices.Contains(report.DeclarationFormats, f.format) {
		return fmt.Errorf("--format %q: %s", f.format, strings.Join(report.DeclarationFormats, ", "))
	}
	return nil
}

// explainDeclaration says on stderr what is left to do before the declaration is published.
func (a *app) explainDeclaration(d report.Declaration, r report.Report) {
	if !r.Facts.Whole {
		fmt.Fprintln(a.stderr, "the scan was not whole: the declaration may lack what it did not see")
	}
	if d.New > 0 {
		fmt.Fprintf(a.stderr, "%d entries are new: the published policy does not have them\n", d.New)
	}
	if d.Unknown > 0 {
		fmt.Fprintf(a.stderr, "%d entries lack a provider or a purpose: ask the people who build the site\n", d.Unknown)
	}
	for _, u := range r.Unseen {
		fmt.Fprintf(a.stderr, "declared, but not seen: %s\n", u.Declared)
	}
}
