package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// choiceFlags are the flags whose help text ends with all that they can be.
var choiceFlags = []string{"format", "fail-on", "scenario"}

// complete has shells offer the sites of the configuration, and what flags can be.
func (a *app) complete(c *cobra.Command) {
	if strings.Contains(c.Use, " SITE") {
		c.ValidArgsFunction = a.siteNames
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if slices.Contains(choiceFlags, f.Name) {
			values := choices(f.Usage)
			_ = c.RegisterFlagCompletionFunc(f.Name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)) // fails when done twice
		}
	})
}

// choices are the words after the colon of a help text.
func choices(usage string) []string {
	_, list, _ := strings.Cut(usage, ": ")
	words := strings.FieldsFunc(list, func(r rune) bool { return r == ' ' || r == ',' })
	return slices.DeleteFunc(words, func(w string) bool { return w == "or" })
}

// siteNames are the names of the configuration that lies here, or that --config names.
func (a *app) siteNames(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	path, err := c.Flags().GetString("config")
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	conf, err := a.loadConfig(path)
	if conf == nil || err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, s := range conf.Sites {
		names = append(names, s.Name+"\t"+string(s.URL))
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
