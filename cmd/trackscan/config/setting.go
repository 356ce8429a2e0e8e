package config

import (
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Setting is a flag of run as a key.
type Setting struct {
	Name   string
	Values []string // one for each time that the flag would be given

	line, column int
}

// paths are the flags whose values are files, or may be: they are looked for from the folder of the configuration.
var paths = []string{"store", "urls", "policy", "out", "baseline", "header-file", "cookie-file", "auth-file"}

// split takes the flags out of a mapping. The mapping that is left has all other keys.
func (d *decoder) split(m *ast.MappingNode) (*ast.MappingNode, []Setting, error) {
	rest := *m
	rest.Values = nil
	var settings []Setting
	for _, v := range m.Values {
		name := v.Key.String()
		check, ok := d.flags(name)
		if !ok {
			rest.Values = append(rest.Values, v)
			continue
		}
		s, err := d.setting(name, v.Value, check)
		if err != nil {
			return nil, nil, err
		}
		settings = append(settings, s)
	}
	return &rest, settings, nil
}

func (d *decoder) setting(name string, value ast.Node, check func(string) error) (Setting, error) {
	at := value.GetToken().Position
	s := Setting{Name: name, line: at.Line, column: at.Column}
	items := []ast.Node{value}
	if list, ok := value.(*ast.SequenceNode); ok {
		items = list.Values
	}
	for _, item := range items {
		text, err := textOf(item)
		if err != nil {
			return s, err
		}
		if text, err = Expand(text, os.LookupEnv); err != nil {
			return s, wrong(item, err.Error())
		}
		if err := check(text); err != nil {
			return s, wrong(item, name+": "+hideSecrets(err.Error()))
		}
		if slices.Contains(paths, name) && text != "" && text != "-" && !strings.Contains(text, "://") {
			text = resolve(d.dir, text)
		}
		s.Values = append(s.Values, text)
	}
	return s, nil
}

// overlay is base with own in the place of settings of the same name.
func overlay(base, own []Setting) []Setting {
	all := slices.Clone(own)
	for _, s := range base {
		if !slices.ContainsFunc(own, func(o Setting) bool { return o.Name == s.Name }) {
			all = append(all, s)
		}
	}
	return all
}

// Locate gives a complaint about a flag, "--pages 0: ...", the place of the setting that it came from; of several the
// first that came from one. Other errors stay as they are.
func (c *Config) Locate(settings []Setting, err error) error {
	var several interface{ Unwrap() []error }
	if errors.As(err, &several) {
		for _, one := range several.Unwrap() {
			if located := c.Locate(settings, one); located != one {
				return located
			}
		}
		return err
	}
	words, _ := strings.CutPrefix(err.Error(), "--")
	for _, s := range settings {
		if rest, ok := strings.CutPrefix(words, s.Name); ok && len(words) < len(err.Error()) && strings.ContainsAny(rest[:min(1, len(rest))], " =:") {
			return c.source.at(s.line, s.column, words)
		}
	}
	return err
}

// textOf is the text of a plain value.
func textOf(n ast.Node) (string, error) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, nil
	case *ast.LiteralNode:
		return strings.TrimRight(v.Value.Value, "\n"), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, nil
	}
	return "", wrong(n, "a single value is expected")
}
