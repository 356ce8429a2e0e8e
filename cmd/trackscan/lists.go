package main

import (
	"github.com/spf13/cobra"

	"trackscan/cmd/trackscan/lists"
)

func (a *app) listsCommand() *cobra.Command {
	c := &cobra.Command{Use: "lists", Short: "filter lists that are loaded at run time"}
	c.AddCommand(
		&cobra.Command{
			Use:   "update",
			Short: "fetch the filter lists",
			Args:  cobra.NoArgs,
			RunE:  func(c *cobra.Command, _ []string) error { return lists.Update(c.Context(), a.lists, a.stderr) },
		},
		&cobra.Command{
			Use:   "status",
			Short: "which lists take part, their age and size",
			Args:  cobra.NoArgs,
			RunE:  func(*cobra.Command, []string) error { return lists.Status(a.lists, a.stdout) },
		},
	)
	return c
}
