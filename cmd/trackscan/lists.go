package main

import (
	"github.com/spf13/cobra"

	"trackscan/cmd/trackscan/lists"
)

func (a *app) listsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "lists",
		Short: "filter lists that are loaded at run time",
		Long: `Filter lists are a second opinion on what our catalogue cannot name. They are never bundled:
"lists update" fetches EasyList, EasyPrivacy and the social list into trackscan/lists in the
cache folder ($XDG_CACHE_HOME or ~/.cache), and those of an installed uBlock package are found
by themselves. Any NAME.txt that you put into that folder takes part too, and so do your copies
of the Open Cookie Database (open-cookie-database.csv) and of Tracker Radar (tracker-radar/).`,
	}
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
