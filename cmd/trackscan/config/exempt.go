package config

import (
	"time"

	"github.com/goccy/go-yaml/ast"
)

// Exempt is a finding that somebody answers for. One of ID, Pattern and Name says which.
type Exempt struct {
	ID      string `yaml:"id"`
	Pattern string `yaml:"pattern"`
	Name    string `yaml:"name"`
	Reason  string `yaml:"reason"`
	Owner   string `yaml:"owner"`
	Until   Day    `yaml:"until"`
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (e *Exempt) UnmarshalYAML(n ast.Node) error {
	type plain Exempt
	if err := strictly(n, (*plain)(e)); err != nil {
		return err
	}
	which := 0
	for _, by := range []string{e.ID, e.Pattern, e.Name} {
		if by != "" {
			which++
		}
	}
	switch {
	case which != 1:
		return wrong(n, "an exemption is by one of id, pattern and name")
	case e.Reason == "" || e.Owner == "":
		return wrong(n, "an exemption needs a reason and an owner: somebody answers for it")
	case time.Time(e.Until).IsZero():
		return wrong(n, "an exemption needs a day on which it ends, such as until: 2027-06-30")
	}
	return nil
}

// Day is a date, the last day on which something holds.
type Day time.Time

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (d *Day) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return wrong(n, "no date, such as 2027-06-30")
	}
	*d = Day(t)
	return nil
}
