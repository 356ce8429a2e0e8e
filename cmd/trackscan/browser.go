package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"trackscan/crawler/browser"
)

func (a *app) browserCommand() *cobra.Command {
	c := &cobra.Command{Use: "browser", Short: "get a chrome; say which one is used"}
	var path string
	status := &cobra.Command{
		Use:   "status",
		Short: "say which browser is used",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.browserStatus(c.Context(), path) },
	}
	status.Flags().StringVar(&path, "browser", "", "`PATH|WS` of the chrome to use")
	var source string
	install := &cobra.Command{
		Use:   "install",
		Short: "download a chrome for testing into the cache",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.browserInstall(c.Context(), source) },
	}
	install.Flags().StringVar(&source, "from", browser.DefaultSource, "`URL` of the list of versions")
	c.AddCommand(status, install)
	return c
}

// cacheFolder is where downloads are kept: browsers, filter lists.
func cacheFolder() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "trackscan")
}

// findBrowser returns the browser to use. Where there is none and install allows it, root on Debian or Ubuntu gets the
// distribution's package.
func (a *app) findBrowser(ctx context.Context, asked string, install bool) (string, error) {
	path, err := browser.Find(asked, cacheFolder())
	if err == nil || asked != "" || !install || !browser.CanInstallPackage() {
		return path, err
	}
	fmt.Fprintln(a.stderr, "no browser found: installing the distribution's chromium (apt-get install chromium), once")
	if err := browser.InstallPackage(ctx, a.stderr); err != nil {
		return "", errors.Join(browser.ErrNoBrowser, err)
	}
	return browser.Find("", cacheFolder())
}

func (a *app) browserStatus(ctx context.Context, asked string) error {
	path, err := browser.Find(asked, cacheFolder())
	if err != nil {
		return err
	}
	chrome, err := browser.New(ctx, browser.Options{Path: path})
	if err != nil {
		return err
	}
	defer chrome.Close()
	agent := chrome.Agent()
	_, err = fmt.Fprintf(a.stdout, "%s\n%s\nthird-party cookies: %s\n", path, agent.Browser, agent.ThirdPartyCookies)
	return err
}

func (a *app) browserInstall(ctx context.Context, source string) error {
	path, err := browser.Install(ctx, source, cacheFolder(), a.stderr)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, path)
	return err
}
