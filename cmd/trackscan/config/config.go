// Package config reads trackscan.yaml: which sites are scanned, when, how, and who is told.
//
// It is strict: a key that is not known, a cron line, address or duration that is none, and a secret that stands in
// the file itself are errors with file, line, column and a caret. Secrets come from the environment or from files, and
// neither an Error nor a Secret ever prints one. The flags of run are keys of the same names; what they mean is known
// to whoever registers them, who hands in a check.
package config

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// DefaultPath is the file that is read when none is named.
const DefaultPath = "trackscan.yaml"

// maxFile bounds a configuration file, in bytes; a thousand sites take less than one.
const maxFile = 4 << 20

// Config is a whole trackscan.yaml.
type Config struct {
	Lists    string   `yaml:"lists"` // the folder of the filter lists; empty for the usual one
	Schedule Schedule `yaml:"schedule"`
	Keep     Keep     `yaml:"keep"`
	SMTP     *SMTP    `yaml:"smtp"` // nil when no mail can be sent
	Mail     Mail     `yaml:"mail"`
	Exempt   []Exempt `yaml:"exempt"` // for every site
	Sites    []Site   `yaml:"sites"`

	Path     string    `yaml:"-"` // of the file
	Settings []Setting `yaml:"-"` // run's flags, for every site
	source   source
}

// Site is one site of the file.
type Site struct {
	Name     string    `yaml:"name"` // for the command line, files and mails
	URL      Address   `yaml:"url"`
	Schedule *When     `yaml:"schedule"` // nil for that of all sites
	Mail     *Mail     `yaml:"mail"`     // nil for that of all sites
	Headers  []Header  `yaml:"headers"`
	Cookies  []Cookie  `yaml:"cookies"`
	Auth     *Auth     `yaml:"auth"`
	Login    *Login    `yaml:"login"`
	Banner   []Answer  `yaml:"banner"`
	Exempt   []Exempt  `yaml:"exempt"`
	Settings []Setting `yaml:"-"` // run's flags, those of all sites among them

	line, column int
}

// Header is sent with every request to hosts in scope.
type Header struct {
	Name  string `yaml:"name"`
	Value Secret `yaml:"value"`
}

// Cookie is brought along to the site's hosts.
type Cookie struct {
	Name   string `yaml:"name"`
	Value  Secret `yaml:"value"`
	Domain string `yaml:"domain"` // empty for the site's host
}

// Auth answers a server that asks for a password.
type Auth struct {
	User     Secret `yaml:"user"`
	Password Secret `yaml:"password"`
}

// Flags check the keys that are flags of run. ok is false for what is none; check fails on a value that the flag cannot
// take.
type Flags func(name string) (check func(value string) error, ok bool)

// Load reads a file.
func Load(path string, flags Flags) (*Config, error) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > maxFile {
		err = fmt.Errorf("larger than %d MB", maxFile>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, text, flags)
}

// Parse reads the text of a file; path is for errors and to find what the file names.
func Parse(path string, text []byte, flags Flags) (*Config, error) {
	c := &Config{Path: path, source: source{path, strings.Split(string(text), "\n")}}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, c.source.explain(err)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, fmt.Errorf("%s is empty", path)
	}
	if len(file.Docs) > 1 {
		return nil, c.source.explain(wrong(file.Docs[1].Body, "a second document; there can be one only"))
	}
	if err := plain(file.Docs[0].Body); err != nil {
		return nil, c.source.explain(err)
	}
	d := decoder{flags: flags, dir: filepath.Dir(path)}
	if err := d.decode(file.Docs[0].Body, c); err != nil {
		return nil, c.source.explain(err)
	}
	return c, nil
}

// plain fails on tags, anchors and what refers to them: nothing here needs them, and a small file could grow huge.
func plain(body ast.Node) error {
	var found odd
	ast.Walk(&found, body)
	if found.node != nil {
		return wrong(found.node, "tags, anchors, aliases and merge keys are not read here")
	}
	return nil
}

// odd finds the first node that plain fails on.
type odd struct{ node ast.Node }

// Visit implements ast.Visitor.
func (o *odd) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		o.node = n
	}
	if o.node != nil {
		return nil
	}
	return o
}

// decoder reads the parts of a file that have run's flags among their keys.
type decoder struct {
	flags Flags
	dir   string // where relative paths lead from
}

func (d *decoder) decode(body ast.Node, c *Config) error {
	top, ok := body.(*ast.MappingNode)
	if !ok {
		return wrong(body, "keys and values are expected, such as \"sites:\"")
	}
	top, settings, err := d.split(top)
	if err != nil {
		return err
	}
	c.Settings = settings
	nodes, err := siteNodes(top)
	if err != nil {
		return err
	}
	own := make([][]Setting, len(nodes))
	for i, node := range nodes {
		if nodes[i], own[i], err = d.split(node); err != nil {
			return err
		}
	}
	replaceSites(top, nodes)
	if err := yaml.NodeToValue(top, c, yaml.Strict()); err != nil {
		return err
	}
	for i := range c.Sites {
		at := placeOf(nodes[i]).GetToken().Position
		c.Sites[i].Settings = overlay(c.Settings, own[i])
		c.Sites[i].line, c.Sites[i].column = at.Line, at.Column
	}
	return c.check(nodes, d.dir)
}

// siteNodes returns the mappings below sites.
func siteNodes(top *ast.MappingNode) ([]*ast.MappingNode, error) {
	list, ok := valueOf(top, "sites").(*ast.SequenceNode)
	if !ok {
		return nil, nil // told by the strict decoder, when it is not just absent
	}
	var nodes []*ast.MappingNode
	for _, v := range list.Values {
		site, ok := v.(*ast.MappingNode)
		if !ok {
			return nil, wrong(v, "a site has keys and values: \"- name: shop\", \"  url: https://www.example.org\"")
		}
		nodes = append(nodes, site)
	}
	return nodes, nil
}

func replaceSites(top *ast.MappingNode, nodes []*ast.MappingNode) {
	list, ok := valueOf(top, "sites").(*ast.SequenceNode)
	if !ok {
		return
	}
	for i, node := range nodes {
		list.Values[i] = node
	}
}

// valueOf returns the value of a key, nil when it is not there.
func valueOf(m *ast.MappingNode, key string) ast.Node {
	for _, v := range m.Values {
		if v.Key.String() == key {
			return v.Value
		}
	}
	return nil
}

// check holds the parts against one another.
func (c *Config) check(nodes []*ast.MappingNode, dir string) error {
	names := map[string]bool{}
	for i := range c.Sites {
		s := &c.Sites[i]
		switch {
		case s.Name == "":
			return wrong(nodes[i], "a site needs a name")
		case strings.ContainsAny(s.Name, "/:. \t"):
			return wrong(valueOf(nodes[i], "name"), "a name is one word without dots, colons and slashes, so that nobody takes it for an address")
		case names[s.Name]:
			return wrong(valueOf(nodes[i], "name"), fmt.Sprintf("two sites are named %q", s.Name))
		case s.URL == "":
			return wrong(nodes[i], "a site needs a url")
		}
		names[s.Name] = true
		if err := s.Login.check(valueOf(nodes[i], "login")); err != nil {
			return err
		}
	}
	if c.Lists != "" && !filepath.IsAbs(c.Lists) {
		c.Lists = filepath.Join(dir, c.Lists)
	}
	if c.Schedule.Health != "" && !filepath.IsAbs(c.Schedule.Health) {
		c.Schedule.Health = filepath.Join(dir, c.Schedule.Health)
	}
	return nil
}

// Site returns the site of that name, nil when there is none.
func (c *Config) Site(name string) *Site {
	i := slices.IndexFunc(c.Sites, func(s Site) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return &c.Sites[i]
}

// At is a mistake in a site as a whole.
func (c *Config) At(s *Site, message string) error { return c.source.at(s.line, s.column, message) }
