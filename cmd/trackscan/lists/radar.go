package lists

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"trackscan/classify"
)

// radarName is how the data set is called in reports.
const radarName = "Tracker Radar"

// Bounds on a data set; Tracker Radar has some 30,000 files per region, the largest of some 10 MB.
const (
	maxRadarFiles = 500_000
	maxRadarFile  = 32 << 20
)

// radar is a user's copy of Tracker Radar: a second opinion on hosts.
type radar struct {
	domains map[string]classify.Identity
	changed time.Time
}

// radarCategories maps the data set's words to ours, in the order in which they decide. What only serves content, pays
// or fights fraud is called nothing.
var radarCategories = []struct {
	category classify.Category
	words    []string
}{
	{classify.Advertising, []string{
		"Advertising", "Ad Motivated Tracking", "Action Pixels", "Third-Party Analytics Marketing",
	}},
	{classify.Social, []string{"Social Network", "Social - Share", "Social - Comment"}},
	{classify.Analytics, []string{"Analytics", "Audience Measurement", "Session Replay"}},
}

// radarDomain is what is read of a file.
type radarDomain struct {
	Domain string `json:"domain"`
	Owner  struct {
		Name        string `json:"name"`
		DisplayName string `json:"displayName"`
	} `json:"owner"`
	Categories []string `json:"categories"`
}

// loadRadar reads all domain files in folder: the data set, its "domains" folder or one region.
func loadRadar(folder string) (*radar, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", radarName, err)
	}
	defer root.Close()
	r := &radar{domains: map[string]classify.Identity{}}
	files := 0
	err = fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		if files++; files > maxRadarFiles {
			return fmt.Errorf("more than %d files", maxRadarFiles)
		}
		return r.read(root, path)
	})
	if err == nil && len(r.domains) == 0 {
		err = errors.New("no domain files in it")
	}
	if err != nil {
		return nil, fmt.Errorf("load %s from %s: %w", radarName, folder, err)
	}
	return r, nil
}

// read adds one file. Files that hold something else, as the data set's entities do, are passed over.
func (r *radar) read(root *os.Root, path string) error {
	f, err := root.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var d radarDomain
	if err := json.NewDecoder(io.LimitReader(f, maxRadarFile)).Decode(&d); err != nil || d.Domain == "" {
		return nil
	}
	if id, ok := d.identity(); ok {
		r.domains[strings.ToLower(d.Domain)] = id
	}
	if info.ModTime().After(r.changed) {
		r.changed = info.ModTime()
	}
	return nil
}

// identity says what a domain is; false when the data set does not call it a tracker.
func (d *radarDomain) identity() (classify.Identity, bool) {
	for _, c := range radarCategories {
		if !slices.ContainsFunc(d.Categories, func(word string) bool { return slices.Contains(c.words, word) }) {
			continue
		}
		id := classify.Identity{
			Category: c.category, Source: classify.FromFilterList, Rule: d.Domain + " (" + radarName + ")",
			Purpose: "A public data set of third parties lists it as: " + strings.Join(d.Categories, ", ") + ".",
		}
		if name := cmp.Or(d.Owner.DisplayName, d.Owner.Name); name != "" {
			id.Vendor = &classify.Vendor{Name: name, Owner: d.Owner.Name, Domains: []string{d.Domain}, Category: c.category}
		}
		return id, true
	}
	return classify.Identity{}, false
}

// Identify implements classify.Catalog for requests and beacons to other sites, by host: the longest domain that is
// known decides.
func (r *radar) Identify(t classify.Thing) (classify.Identity, bool) {
	if t.Kind != classify.KindRequest && t.Kind != classify.KindBeacon {
		return classify.Identity{}, false
	}
	host := strings.ToLower(cmp.Or(t.Host, hostOf(t.URL)))
	if site(host) == site(hostOf(t.Page)) {
		return classify.Identity{}, false
	}
	for host != "" {
		if id, ok := r.domains[host]; ok {
			return id, true
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return classify.Identity{}, false
}

// hostOf returns the host of an address in lower case; empty when it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// site returns the registrable domain of host, or host where there is none.
func site(host string) string {
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

func (r *radar) loaded() Loaded {
	return Loaded{Name: radarName, Date: r.changed.UTC().Format(time.DateOnly), Rules: len(r.domains)}
}
