package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"trackscan/cmd/trackscan/demo"
	"trackscan/crawler"
	"trackscan/crawler/fakeweb"
)

func (a *app) demoCommand() *cobra.Command {
	var f scanFlags
	c := &cobra.Command{
		Use:   "demo",
		Short: "scan two bundled sites on loopback: see what trackscan shows, without a network",
		Long: `Scans an invented shop with a cookie banner and a policy, and its campaign site with neither. With --out each of them gets a
file of its own: demo.html becomes demo-shop.html and demo-campaign.html.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("demo takes no arguments")
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), &f) },
	}
	f.register(c)
	return c
}

// demo scans each demonstration site and ends as the worst of the scans.
func (a *app) demo(ctx context.Context, f *scanFlags) error {
	var worst error
	for _, site := range demo.Sites() {
		err := a.demoSite(ctx, *f, site)
		var code verdict
		if err != nil && !errors.As(err, &code) {
			return err
		}
		worst = worse(worst, err)
	}
	return worst
}

// worse is the error that matters more: findings before a scan that is not whole.
func worse(a, b error) error {
	var x, y verdict
	switch {
	case !errors.As(a, &x):
		return b
	case !errors.As(b, &y):
		return a
	case y == exitFindings:
		return b
	}
	return a
}

func (a *app) demoSite(ctx context.Context, f scanFlags, site demo.Site) error {
	server, err := fakeweb.Serve(site.Web, fakeweb.Options{})
	if err != nil {
		return fmt.Errorf("serve the %s: %w", site.Name, err)
	}
	defer server.Close()
	f.insecure = true // its certificates are made at start, by nobody's authority
	f.resolves = append(texts(server.Resolves()), f.resolves...)
	f.out = named(f.out, site.Name)
	j, err := a.newJob(&f, site.URL)
	if err != nil {
		return err
	}
	return j.run(ctx)
}

// named gives each site a file of its own: demo.html becomes demo-shop.html.
func named(files []string, site string) []string {
	list := make([]string, len(files))
	for i, path := range files {
		ext := filepath.Ext(path)
		list[i] = strings.TrimSuffix(path, ext) + "-" + site + ext
	}
	return list
}

func texts(rs crawler.Resolves) []string {
	list := make([]string, len(rs))
	for i, r := range rs {
		list[i] = r.String()
	}
	return list
}
