package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"trackscan/crawler/history"
)

// keptFlags are the flags of commands that read what run has kept.
type keptFlags struct{ store, config string }

func (f *keptFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.store, "store", "", "where the scans are: `PATH` of an SQLite file, or a postgres:// address (or store: of the configuration)")
	configFlag(c, &f.config)
}

// open opens the store for a site, once the configuration was looked at and check has found nothing wrong.
func (f *keptFlags) open(a *app, c *cobra.Command, site string, check func(configured) error) (*job, *history.Store, error) {
	k, address, err := a.configure(c, f.config, site, "store")
	if err != nil {
		return nil, nil, err
	}
	j := &job{app: a, site: address, conf: k, flags: &scanFlags{store: f.store}}
	if err := errors.Join(j.checkSite(), check(k), j.checkStore(), checkKept(f.store)); err != nil {
		return nil, nil, usageError{err}
	}
	store, err := history.Open(c.Context(), f.store)
	return j, store, err
}

// checkKept makes sure that there is a store to read: a file that is not there is not made.
func checkKept(store string) error {
	if store == "" {
		return errors.New("--store is needed: the store that trackscan run --store kept the scans in")
	}
	if !strings.Contains(store, "://") {
		if _, err := os.Stat(store); err != nil {
			return fmt.Errorf("--store: %w", err)
		}
	}
	return nil
}
