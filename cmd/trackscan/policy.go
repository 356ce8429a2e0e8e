package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/classify/policy"
	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/report"
)

// policyFlags are the flags of the policy command, and of others that read policies.
type policyFlags struct {
	format    string
	resolves  []string
	insecure  bool
	browser   string
	noInstall bool
}

func (a *app) policyCommand() *cobra.Command {
	var f policyFlags
	c := &cobra.Command{
		Use:   "policy FILE|URL",
		Short: "what is read from a policy, each item with its quote",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("one FILE or URL of a policy is needed, got %d", len(args))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.policy(c.Context(), &f, args[0]) },
	}
	c.Flags().StringVar(&f.format, "format", "text", "text or json")
	f.register(c.Flags())
	return c
}

// register adds the flags that say how a policy on the web is read.
func (f *policyFlags) register(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.resolves, "resolve", nil, "`HOST:PORT:ADDR` as in curl (repeatable)")
	flags.BoolVar(&f.insecure, "insecure", false, "accept invalid certificates")
	flags.StringVar(&f.browser, "browser", "", "`PATH|WS` of the chrome to use")
	flags.BoolVar(&f.noInstall, "no-install", false, "never install a browser")
}

func (a *app) policy(ctx context.Context, f *policyFlags, source string) error {
	if f.format != "text" && f.format != "json" {
		return usagef("--format %q: text or json", f.format)
	}
	known, err := catalog.Load()
	if err != nil {
		return fmt.Errorf("load the catalogue: %w", err)
	}
	document, err := a.fetchDocument(ctx, f, source)
	if err != nil {
		return err
	}
	p, err := (&policy.Reader{Vendors: known.Vendors()}).Read(document)
	if err != nil {
		return err
	}
	if f.format == "json" {
		e := json.NewEncoder(a.stdout)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(p)
	}
	return a.writePolicy(p)
}

// fetchDocument reads a file, or has the browser render a page.
func (a *app) fetchDocument(ctx context.Context, f *policyFlags, source string) (crawler.Document, error) {
	if !strings.HasPrefix(source, "https://") && !strings.HasPrefix(source, "http://") {
		return readDocument(source)
	}
	var resolves crawler.Resolves
	for _, text := range f.resolves {
		r, err := crawler.ParseResolve(text)
		if err != nil {
			return crawler.Document{}, usageError{err}
		}
		resolves = append(resolves, r)
	}
	path, err := a.findBrowser(ctx, f.browser, !f.noInstall)
	if err != nil {
		return crawler.Document{}, err
	}
	chrome, err := browser.New(ctx, browser.Options{Path: path, Resolves: resolves, Insecure: f.insecure})
	if err != nil {
		return crawler.Document{}, err
	}
	defer chrome.Close()
	page, err := chrome.Render(ctx, crawler.Visit{URL: source, Scenario: crawler.NoChoice, Document: true})
	switch {
	case err != nil:
		return crawler.Document{}, fmt.Errorf("read policy %s: %w", source, err)
	case page.Document == nil:
		return crawler.Document{}, fmt.Errorf("read policy %s: %w", source, errors.New("the page has no content"))
	}
	return *page.Document, nil
}

// writePolicy writes what was read for people: each kind of declaration with the sentences that make it.
func (a *app) writePolicy(p classify.Policy) error {
	w := &policyWriter{out: a.stdout}
	if !p.IsPolicy {
		w.line("%s is no privacy or cookie policy: nothing is read from it.", report.Visible(p.URL))
		return w.err
	}
	w.line("%s, language %s, effective %s", report.Visible(p.URL), orUnknown(p.Lang), orUnknown(string(p.Effective)))
	w.section("Categories", len(p.Categories))
	for _, c := range p.Categories {
		w.item(string(c.ID), c.Text)
	}
	w.section("Cookies and storage", len(p.Cookies))
	for _, c := range p.Cookies {
		w.item(fmt.Sprintf("%s (%s, %s, %s)", c.Name, orUnknown(string(c.Category)), orUnknown(string(c.Vendor)),
			orUnknown(c.Duration)), c.Text)
	}
	w.section("Vendors", len(p.Vendors))
	for _, v := range p.Vendors {
		w.item(v.Name, v.Text)
	}
	w.section("Denied", len(p.VendorsDenied)+len(p.CategoriesDenied)+len(p.TechnologiesDenied))
	w.denied(p)
	w.section("Technologies", len(p.Technologies))
	for _, t := range p.Technologies {
		w.item(t.ID, t.Text)
	}
	w.section("Promises that a scan can test", len(p.Claims))
	for _, c := range p.Claims {
		w.item(c.ID, c.Text)
	}
	w.line("\nDo Not Track: %s. Third-party cookies: %s.", p.DNT, p.ThirdPartyCookies)
	return w.err
}

// policyWriter writes lines until one fails.
type policyWriter struct {
	out interface{ Write([]byte) (int, error) }
	err error
}

func (w *policyWriter) line(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.out, format+"\n", args...)
	}
}

func (w *policyWriter) section(title string, n int) {
	if n > 0 {
		w.line("\n%s (%d)", title, n)
	}
}

func (w *policyWriter) item(name, quote string) {
	w.line("  %s\n      \"%s\"", report.Visible(name), report.Visible(strings.Join(strings.Fields(quote), " ")))
}

func (w *policyWriter) denied(p classify.Policy) {
	for _, v := range p.VendorsDenied {
		w.item(v.Name, v.Text)
	}
	for _, c := range p.CategoriesDenied {
		w.item(string(c.ID), c.Text)
	}
	for _, t := range p.TechnologiesDenied {
		w.item(t.ID, t.Text)
	}
}

func orUnknown(s string) string {
	if s == "" {
		return "not stated"
	}
	return s
}

func extension(path string) string { return strings.ToLower(filepath.Ext(path)) }
