// Package catalog knows the services that websites use: whose a cookie, a storage key, a host or an address is, what
// it is for and how long it usually lives.
//
// The knowledge is one small file per vendor (vendors/*.yaml, embedded), in which every fact carries examples that it
// must and must not match; README.md tells how to add one. The package never guesses: what no file names is unknown,
// and Hint only explains what can be seen. Rules of filter lists are the work of classify/filterlist, verdicts that
// of package classify.
package catalog

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"trackscan/classify"
)

//go:embed vendors/*.yaml
var embedded embed.FS

// Catalog implements classify.Catalog. It is safe for concurrent use.
type Catalog struct {
	vendors   []*Vendor // by slug
	hosts     hosts
	names     *names
	addresses *addresses
	marks     map[string]*markFact
	version   func() string
}

// Load reads the catalogue that is part of the program. An error means that a vendor file is wrong, and names it.
func Load() (*Catalog, error) {
	dir, err := fs.Sub(embedded, "vendors")
	if err != nil {
		return nil, fmt.Errorf("load catalogue: %w", err)
	}
	return Read(dir)
}

// Read reads every .yaml file at the root of dir as a vendor. Its error names every file that is wrong.
func Read(dir fs.FS) (*Catalog, error) {
	files, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	c := &Catalog{hosts: hosts{}, addresses: newAddresses(), marks: map[string]*markFact{}}
	c.names = newNames(c.hosts)
	var wrong []error
	for _, file := range files {
		src, err := fs.ReadFile(dir, file)
		if err != nil {
			return nil, fmt.Errorf("read catalogue: %w", err)
		}
		v, err := parseVendor(strings.TrimSuffix(file, ".yaml"), string(src))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("read catalogue: %s: %w", file, err))
			continue
		}
		c.add(v)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	c.names.sort()
	c.version = sync.OnceValue(func() string { return hash(dir, files) })
	return c, nil
}

// add indexes v. Of two facts with one host the first file's wins; the tests allow no such pair.
func (c *Catalog) add(v *Vendor) {
	c.vendors = append(c.vendors, v)
	for i := range v.hosts {
		if f := &v.hosts[i]; c.hosts[f.host] == nil {
			c.hosts[f.host] = f
		}
	}
	for i := range v.names {
		c.names.add(&v.names[i])
	}
	for i := range v.urls {
		c.addresses.add(&v.urls[i])
	}
	for i := range v.marks {
		c.marks[v.marks[i].mark] = &v.marks[i]
	}
}

// hash returns the first 12 hexadecimal digits of a checksum over the files.
func hash(dir fs.FS, files []string) string {
	sum := sha256.New()
	for _, file := range files {
		src, err := fs.ReadFile(dir, file)
		if err != nil {
			return ""
		}
		fmt.Fprintf(sum, "%s %d\n", file, len(src))
		sum.Write(src)
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// Version names the content of the catalogue: it changes when any fact does. It is computed on the first call.
func (c *Catalog) Version() string { return c.version() }

// Vendors returns every vendor, sorted by name.
func (c *Catalog) Vendors() []classify.Vendor {
	out := make([]classify.Vendor, 0, len(c.vendors))
	for _, v := range c.vendors {
		out = append(out, v.Vendor)
	}
	slices.SortFunc(out, func(a, b classify.Vendor) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Vendor returns what is known about the vendor that is called name in the catalogue.
func (c *Catalog) Vendor(name string) (Vendor, bool) {
	for _, v := range c.vendors {
		if v.Name == name {
			return *v, true
		}
	}
	return Vendor{}, false
}

// Identify implements classify.Catalog.
//
// Of cookies and storage keys the name decides, and where no file knows the name, the vendor whose host it was set at.
// Scripts are told by a mark in their text, services by one of their names. Of requests and beacons patterns of addresses decide before hosts. Identity.Pattern is the template of a name
// ("_ga_*") or the pattern of an address ("facebook.com/tr"), and empty for an exact name and for a host.
func (c *Catalog) Identify(t classify.Thing) (classify.Identity, bool) {
	switch t.Kind {
	case classify.KindCookie, classify.KindStorage:
		return c.identifyName(t)
	case classify.KindScript:
		if f := c.marks[t.Name]; f != nil {
			return f.id, true
		}
		return classify.Identity{}, false
	case classify.KindService:
		return c.identifyService(t.Name)
	}
	u := newAddress(t.URL)
	if u.host == "" {
		u.host = normalHost(t.Host)
	}
	return c.identifyRequest(u)
}

// identifyService looks for a vendor by its names as others write them: case does not count.
func (c *Catalog) identifyService(name string) (classify.Identity, bool) {
	called := func(other string) bool { return strings.EqualFold(other, name) }
	for _, v := range c.vendors {
		if called(v.Name) || slices.ContainsFunc(v.Aliases, called) {
			return v.identity(&terms{}), true
		}
	}
	return classify.Identity{}, false
}

func (c *Catalog) identifyName(t classify.Thing) (classify.Identity, bool) {
	host := normalHost(t.Host)
	if f := c.names.find(t.Name, host); f != nil {
		return f.id, true
	}
	f := c.hosts.find(host)
	if f == nil || under(newAddress(t.Page).host, f.host) {
		return classify.Identity{}, false
	}
	id := f.id
	id.Benign = false
	return id, true
}

func (c *Catalog) identifyRequest(u address) (classify.Identity, bool) {
	if f := c.addresses.find(u); f != nil {
		return f.id, true
	}
	if f := c.hosts.find(u.host); f != nil {
		return f.id, true
	}
	return classify.Identity{}, false
}
