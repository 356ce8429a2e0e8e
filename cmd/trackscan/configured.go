package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"trackscan/classify"
	"trackscan/cmd/trackscan/config"
	"trackscan/cmd/trackscan/lists"
)

// configured is a configuration and the site of it that a command is about. The zero value is none at all.
type configured struct {
	config *config.Config   // nil for none
	site   *config.Site     // nil when SITE is none of its names
	held   []config.Setting // those that the command line left standing
}

// commandLineOnly are flags of run that are no keys of a configuration.
var commandLineOnly = []string{"config", "resume", "quiet", "verbose"}

// configKeys checks the keys of a configuration that are flags of run.
func configKeys(name string) (check func(string) error, ok bool) {
	c := &cobra.Command{}
	new(scanFlags).register(c)
	flag := c.Flags().Lookup(name)
	if flag == nil || slices.Contains(commandLineOnly, name) {
		return nil, false
	}
	return flag.Value.Set, true
}

func configFlag(c *cobra.Command, path *string) {
	c.Flags().StringVar(path, "config", "", "`FILE` with sites and settings (default: "+config.DefaultPath+", if it is there)")
}

// loadConfig reads the configuration that was named, or else the one that lies here; nil when there is none.
func (a *app) loadConfig(path string) (*config.Config, error) {
	if path == "" {
		if _, err := os.Stat(config.DefaultPath); errors.Is(err, os.ErrNotExist) {
			return nil, nil
		}
		path = config.DefaultPath
	}
	conf, err := config.Load(path, configKeys)
	if err == nil {
		err = oneSiteOneKey(conf)
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("configuration: %w", err)}
	}
	if conf.Lists != "" {
		a.lists = lists.In(conf.Lists)
	}
	return conf, nil
}

// oneSiteOneKey makes sure that each site has a history of its own.
func oneSiteOneKey(conf *config.Config) error {
	names := map[string]string{}
	for i := range conf.Sites {
		s := &conf.Sites[i]
		key, err := siteKey(string(s.URL))
		if err != nil {
			return conf.At(s, err.Error())
		}
		if other, taken := names[key]; taken {
			return conf.At(s, fmt.Sprintf("%s and %s are one site, %s: their scans could not be told apart", other, s.Name, key))
		}
		names[key] = s.Name
	}
	return nil
}

// configure looks for the configuration of a command and puts its settings into the flags that were not given. It
// returns the address that SITE stands for. Of the settings only those named count, or all when none is.
func (a *app) configure(c *cobra.Command, path, site string, only ...string) (configured, string, error) {
	conf, err := a.loadConfig(path)
	if conf == nil || err != nil {
		return configured{}, site, err
	}
	k := configured{config: conf, site: conf.Site(site)}
	if k.site == nil {
		k.site = sameSite(conf, site)
	}
	address := site
	if k.site != nil && k.site.Name == site {
		address = string(k.site.URL)
	}
	err = k.apply(c.Flags(), only)
	return k, address, err
}

// sameSite finds the site whose scans are kept under the same key as those of an address.
func sameSite(conf *config.Config, address string) *config.Site {
	key, err := siteKey(address)
	i := slices.IndexFunc(conf.Sites, func(s config.Site) bool {
		own, ownErr := siteKey(string(s.URL))
		return err == nil && ownErr == nil && own == key
	})
	if i < 0 {
		return nil
	}
	return &conf.Sites[i]
}

func (k configured) settings() []config.Setting {
	switch {
	case k.site != nil:
		return k.site.Settings
	case k.config != nil:
		return k.config.Settings
	}
	return nil
}

// apply sets the flags that the command line left alone.
func (k *configured) apply(flags *pflag.FlagSet, only []string) error {
	for _, s := range k.settings() {
		flag := flags.Lookup(s.Name)
		if flag == nil || flag.Changed || len(only) > 0 && !slices.Contains(only, s.Name) {
			continue
		}
		k.held = append(k.held, s)
		for _, v := range s.Values {
			if err := flags.Set(s.Name, v); err != nil {
				return usageError{k.locate(fmt.Errorf("--%s: %w", s.Name, err))}
			}
		}
	}
	return nil
}

// locate gives a complaint about a flag the place in the configuration that it came from.
func (k configured) locate(err error) error {
	if k.config == nil {
		return err
	}
	if located := k.config.Locate(k.held, err); located != err {
		return usageError{fmt.Errorf("configuration: %w", located)}
	}
	return err
}

// exemptions are those of the site and those of every site.
func (k configured) exemptions() (list []classify.Exemption) {
	if k.config == nil {
		return nil
	}
	all := slices.Clone(k.config.Exempt)
	if k.site != nil {
		all = append(all, k.site.Exempt...)
	}
	for _, e := range all {
		list = append(list, classify.Exemption{
			ID: e.ID, Pattern: e.Pattern, Name: e.Name, Reason: e.Reason, Owner: e.Owner, Until: time.Time(e.Until),
		})
	}
	return list
}

// configuredJob is the job that a command line and its configuration ask for together.
func (a *app) configuredJob(c *cobra.Command, f *scanFlags, site string) (*job, error) {
	k, address, err := a.configure(c, f.config, site)
	if err != nil {
		return nil, err
	}
	j, err := a.newJob(f, address)
	if err != nil {
		return nil, k.locate(err)
	}
	return j, j.adopt(k)
}
