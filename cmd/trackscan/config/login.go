package config

import (
	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Login is how a visitor logs in, once per scan.
type Login struct {
	URL    Address `yaml:"url"`
	Steps  []Step  `yaml:"steps"`
	Expect string  `yaml:"expect"` // CSS selector of what only somebody who is logged in sees; empty for no such thing
}

// Step is one thing that a visitor does: fill a field, click, or wait for something to appear. Selectors are CSS.
type Step struct {
	Fill  string `yaml:"fill"`
	With  Secret `yaml:"with"` // what Fill is filled with
	Click string `yaml:"click"`
	Wait  string `yaml:"wait"`
}

// check fails on a step that is none, or several.
func (l *Login) check(node ast.Node) error {
	if l == nil {
		return nil
	}
	if l.URL == "" || len(l.Steps) == 0 {
		return wrong(node, "a login needs a url and steps")
	}
	return nil
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (s *Step) UnmarshalYAML(n ast.Node) error {
	type plain Step
	if err := strictly(n, (*plain)(s)); err != nil {
		return err
	}
	acts := 0
	for _, does := range []string{s.Fill, s.Click, s.Wait} {
		if does != "" {
			acts++
		}
	}
	switch {
	case acts != 1:
		return wrong(n, "a step is one of fill, click and wait")
	case (s.Fill != "") != s.With.Set():
		return wrong(n, "fill and with go together")
	}
	return nil
}

// Answer is how a banner that is not known is answered in one scenario.
type Answer struct {
	Scenario string   `yaml:"scenario"` // accept or reject
	Click    []string `yaml:"click"`    // CSS selectors, in order
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (a *Answer) UnmarshalYAML(n ast.Node) error {
	type plain Answer
	if err := strictly(n, (*plain)(a)); err != nil {
		return err
	}
	if a.Scenario != "accept" && a.Scenario != "reject" || len(a.Click) == 0 {
		return wrong(n, "a banner is answered in one scenario, accept or reject, by clicks")
	}
	return nil
}

func strictly(n ast.Node, v any) error { return yaml.NodeToValue(n, v, yaml.Strict()) }
