package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"trackscan/cmd/trackscan/config"
)

func (a *app) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [FILE]",
		Short: "write a commented trackscan.yaml to begin with",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("init writes one file, got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			path := config.DefaultPath
			if len(args) > 0 {
				path = args[0]
			}
			return a.writeExample(path)
		},
	}
}

// writeExample writes the example and never over a file that is there.
func (a *app) writeExample(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return usageError{hinted{fmt.Errorf("init: %s is there already", path), "trackscan init OTHER.yaml writes it elsewhere"}}
	case err != nil:
		return usageError{fmt.Errorf("init: %w", err)}
	}
	_, err = f.Write(config.Example)
	if err = errors.Join(err, f.Close()); err != nil {
		return usageError{fmt.Errorf("init: %w", err)}
	}
	fmt.Fprintf(a.stderr, "wrote %s: put your site into it, then: trackscan nightly --once --config %s\n", path, path)
	return nil
}
