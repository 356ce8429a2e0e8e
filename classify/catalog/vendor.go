package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"trackscan/classify"
)

// Vendor is what one vendor file says of its vendor.
type Vendor struct {
	classify.Vendor
	Slug        string // the file's name without ".yaml"
	Purpose     string // what the service is for, one plain sentence
	Website     string
	Privacy     string   // the vendor's privacy policy; empty when not known
	OptOut      string   // where a visitor can object; empty when there is no such page
	Does        string   // what it is known to do beyond keeping things: "session-recording", "fingerprinting"; else empty
	TCF         int      // the vendor's number in the IAB's global vendor list; 0 for none
	ConsentMode []string // what Google Consent Mode calls the consent it needs: "analytics_storage"

	hosts []hostFact
	names []nameFact
	urls  []urlFact
	marks []markFact
}

// consentModes are the consent types of Google Consent Mode.
var consentModes = []string{
	"ad_storage", "ad_user_data", "ad_personalization", "analytics_storage", "functionality_storage",
	"personalization_storage", "security_storage",
}

// parties, storageKinds and deeds are the legal values of party, kind and does.
var (
	parties      = []string{"first", "third"}
	storageKinds = []string{"local", "session", "indexeddb", "cache"}
	deeds        = []string{"session-recording", "fingerprinting"}
)

// parseVendor reads one vendor file. Errors name the line.
func parseVendor(slug, src string) (*Vendor, error) {
	root, err := readFile(src)
	if err != nil {
		return nil, err
	}
	v := &Vendor{Slug: slug}
	for _, f := range root.fields {
		if err := v.set(f); err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", lineAt(src, f.value.pos), f.key, err)
		}
	}
	if v.Name == "" || v.Purpose == "" || v.Category == classify.NoCategory {
		return nil, fmt.Errorf("name, category and for are required")
	}
	for _, f := range root.fields {
		if err := v.add(f); err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", lineAt(src, f.value.pos), f.key, err)
		}
	}
	return v, nil
}

// set reads a field of the vendor itself; those that hold facts are read by add, when the vendor is known.
func (v *Vendor) set(f field) (err error) {
	switch f.key {
	case "name":
		v.Name, err = f.value.str()
	case "aliases":
		v.Aliases, err = f.value.strs()
	case "owner":
		v.Owner, err = f.value.str()
	case "website":
		v.Website, err = f.value.link()
	case "privacy":
		v.Privacy, err = f.value.link()
	case "optout":
		v.OptOut, err = f.value.link()
	case "category":
		v.Category, err = f.value.category()
	case "for":
		v.Purpose, err = f.value.str()
	case "tcf":
		v.TCF, err = f.value.number()
	case "consent_mode":
		v.ConsentMode, err = f.value.oneOfs(consentModes)
	case "does":
		v.Does, err = f.value.oneOf(deeds)
	case "hosts", "hosts_as", "benign", "urls", "cookies", "storage", "scripts":
	default:
		err = fmt.Errorf("no such field")
	}
	return err
}

// add reads a field that holds facts.
func (v *Vendor) add(f field) error {
	switch f.key {
	case "hosts":
		return v.addHosts(f.value, v.Category, false)
	case "hosts_as":
		return v.addHostsAs(f.value)
	case "benign":
		return v.addHosts(f.value, v.benignCategory(), true)
	case "urls":
		return v.addURLs(f.value)
	case "cookies":
		return v.addNames(f.value, "")
	case "storage":
		return v.addNames(f.value, "local")
	case "scripts":
		return v.addScripts(f.value)
	}
	return nil
}

// benignCategory is the category of hosts that are known not to be trackers.
func (v *Vendor) benignCategory() classify.Category {
	if v.Category == classify.Necessary {
		return classify.Necessary
	}
	return classify.Functional
}

// terms are what stands in the braces behind a cookie, a storage key or a URL.
type terms struct {
	category classify.Category
	purpose  string
	days     float64
	party    string
	kind     string
	benign   bool
	does     string
	exempt   string // the authority that exempts it from consent
	likely   bool   // of several scoped facts of one name, the answer when no domain is given
	match    []string
	miss     []string
}

func (n node) terms() (*terms, error) {
	t := &terms{}
	if n.kind != mapping && n.kind != nothing {
		return t, fmt.Errorf("want {...}")
	}
	for _, f := range n.fields {
		if err := t.set(f); err != nil {
			return t, fmt.Errorf("%s: %w", f.key, err)
		}
	}
	return t, nil
}

func (t *terms) set(f field) (err error) {
	switch f.key {
	case "as":
		t.category, err = f.value.category()
	case "for":
		t.purpose, err = f.value.str()
	case "days":
		t.days, err = f.value.days()
	case "party":
		t.party, err = f.value.oneOf(parties)
	case "kind":
		t.kind, err = f.value.oneOf(storageKinds)
	case "benign":
		t.benign, err = f.value.yes()
	case "does":
		t.does, err = f.value.oneOf(deeds)
	case "likely":
		t.likely, err = f.value.yes()
	case "exempt":
		t.exempt, err = f.value.str()
	case "match":
		t.match, err = f.value.strs()
	case "miss":
		t.miss, err = f.value.strs()
	default:
		err = fmt.Errorf("no such field")
	}
	return err
}

// identity is the answer for a fact with these terms; what they leave out is the vendor's.
func (v *Vendor) identity(t *terms) classify.Identity {
	id := classify.Identity{
		Vendor: &v.Vendor, Category: t.category, Purpose: t.purpose, Source: classify.FromCatalog,
		TypicalDays: t.days, Does: cmp.Or(t.does, v.Does), Benign: t.benign, ConsentFree: t.exempt != "",
	}
	if id.Category == classify.NoCategory {
		id.Category = v.Category
	}
	if id.Purpose == "" {
		id.Purpose = v.Purpose
	}
	return id
}

func (n node) str() (string, error) {
	if n.kind != text || n.text == "" {
		return "", fmt.Errorf("want a text")
	}
	return n.text, nil
}

func (n node) strs() ([]string, error) {
	if n.kind != list {
		return nil, fmt.Errorf("want a list in brackets")
	}
	out := make([]string, 0, len(n.items))
	for _, item := range n.items {
		s, err := item.str()
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (n node) link() (string, error) {
	s, err := n.str()
	if err == nil && !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		err = fmt.Errorf("want an address with its scheme")
	}
	return s, err
}

func (n node) category() (classify.Category, error) {
	c := classify.Category(n.text)
	if !slices.Contains(classify.Categories, c) {
		return classify.NoCategory, fmt.Errorf("unknown category %q", n.text)
	}
	return c, nil
}

func (n node) number() (int, error) {
	i, err := strconv.Atoi(n.text)
	if err != nil || i < 0 {
		return 0, fmt.Errorf("want a number, not %q", n.text)
	}
	return i, nil
}

// maxDays bounds lifetimes: a hundred years.
const maxDays = 36525

func (n node) days() (float64, error) {
	d, err := strconv.ParseFloat(n.text, 64)
	if err != nil || !(d >= 0 && d <= maxDays) {
		return 0, fmt.Errorf("want days, not %q", n.text)
	}
	return d, nil
}

func (n node) yes() (bool, error) {
	if n.text != "true" {
		return false, fmt.Errorf("want true or leave it out")
	}
	return true, nil
}

func (n node) oneOf(legal []string) (string, error) {
	if !slices.Contains(legal, n.text) {
		return "", fmt.Errorf("%q is none of %s", n.text, strings.Join(legal, ", "))
	}
	return n.text, nil
}

func (n node) oneOfs(legal []string) ([]string, error) {
	out, err := n.strs()
	for _, s := range out {
		if !slices.Contains(legal, s) {
			return nil, fmt.Errorf("%q is none of %s", s, strings.Join(legal, ", "))
		}
	}
	return out, err
}
