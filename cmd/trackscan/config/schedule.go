package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a container may have no time zones of its own

	"github.com/goccy/go-yaml/ast"
	"github.com/robfig/cron/v3"
)

// When is a cron line and the time zone that its hours are told in.
type When struct {
	Cron     Cron     `yaml:"cron"`
	Timezone Timezone `yaml:"timezone"` // empty for that of this machine
}

// Schedule says when and how the nights run.
type Schedule struct {
	Cron     Cron     `yaml:"cron"`     // empty for every night at half past two
	Timezone Timezone `yaml:"timezone"` // empty for that of this machine
	Jitter   Span     `yaml:"jitter"`   // each site starts up to that much later
	Abreast  int      `yaml:"abreast"`  // sites scanned side by side; 0 for 2
	Retries  *int     `yaml:"retries"`  // of a site that could not be scanned; nil for 3
	Backoff  Span     `yaml:"backoff"`  // before the first retry, doubled for each further one; 0 for 5 minutes
	Health   string   `yaml:"health"`   // file that holds the health line; empty for none
}

// defaultCron is half past two at night.
const defaultCron = "30 2 * * *"

// Of returns the schedule of a site.
func (s Schedule) Of(site *Site) (cron.Schedule, error) {
	line, zone := s.Cron, s.Timezone
	if w := site.Schedule; w != nil {
		if w.Cron != "" {
			line = w.Cron
		}
		if w.Timezone != "" {
			zone = w.Timezone
		}
	}
	text := string(line)
	if text == "" {
		text = defaultCron
	}
	if zone != "" && !strings.Contains(text, "TZ=") {
		text = "CRON_TZ=" + string(zone) + " " + text
	}
	parsed, err := cron.ParseStandard(text)
	return steady(parsed), err
}

// Cron is a cron line of five fields, or one of @daily, @hourly, @weekly, @monthly and @every 6h.
type Cron string

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (c *Cron) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	s, err := cron.ParseStandard(text)
	if err != nil {
		return wrong(n, fmt.Sprintf("%q is no cron line: %v (minute hour day month weekday, such as \"30 2 * * *\")", text, err))
	}
	if s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return wrong(n, fmt.Sprintf("%q never comes", text))
	}
	*c = Cron(text)
	return nil
}

// Timezone is an IANA name.
type Timezone string

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (z *Timezone) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	if _, err := time.LoadLocation(text); err != nil || text == "" || text == "Local" {
		return wrong(n, fmt.Sprintf("%q is no time zone, such as Europe/Berlin", text))
	}
	*z = Timezone(text)
	return nil
}

// Span is a length of time: "90s", "5m", "36h" or "30d".
type Span time.Duration

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (s *Span) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	if err != nil {
		return err
	}
	d, err := parseSpan(text)
	if err != nil || d < 0 {
		return wrong(n, fmt.Sprintf("%q is no length of time, such as 90s, 5m, 36h or 30d", text))
	}
	*s = Span(d)
	return nil
}

func parseSpan(text string) (time.Duration, error) {
	days, ok := strings.CutSuffix(text, "d")
	if !ok {
		return time.ParseDuration(text)
	}
	n, err := strconv.ParseUint(days, 10, 16)
	return time.Duration(n) * 24 * time.Hour, err
}

// Keep says how long evidence stays, as history.Keep has it.
type Keep struct {
	Age      Span `yaml:"age"`      // scans that are older go; 0 for never
	Scans    int  `yaml:"scans"`    // the newest of each site that stay whatever their age
	Nightly  Span `yaml:"nightly"`  // of scans that are older, one a week stays; 0 for all
	Pictures int  `yaml:"pictures"` // the newest scans of each site that keep their screenshots; 0 for all
}
