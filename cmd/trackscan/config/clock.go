package config

import (
	"time"

	"github.com/robfig/cron/v3"
)

// clock is a cron line with fixed hours as people mean it: what falls into the hour that is left out when the clocks go
// forward is due at its end, and what falls into the hour that comes twice is due once.
type clock struct {
	wall cron.SpecSchedule // on a clock that never changes
	zone *time.Location
}

// everyHour is the bit that cron sets in a field that is a star.
const everyHour = 1 << 63

// steady makes a clock of a schedule with fixed hours; those of every hour and of a span of time need none.
func steady(s cron.Schedule) cron.Schedule {
	spec, ok := s.(*cron.SpecSchedule)
	if !ok || spec.Hour&everyHour != 0 {
		return s
	}
	c := clock{*spec, spec.Location}
	c.wall.Location = time.UTC
	return c
}

// Next implements cron.Schedule.
func (c clock) Next(t time.Time) time.Time {
	for shown := c.shown(t); ; {
		shown = c.wall.Next(shown)
		if shown.IsZero() {
			return shown
		}
		if at := c.at(shown); at.After(t) {
			return at.In(t.Location())
		}
	}
}

// shown is what the clock on the wall shows at a time, as if it were UTC.
func (c clock) shown(t time.Time) time.Time {
	t = t.In(c.zone)
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	return time.Date(year, month, day, hour, minute, second, t.Nanosecond(), time.UTC)
}

// at is when the clock on the wall shows that, and the end of the gap when it never does.
func (c clock) at(shown time.Time) time.Time {
	year, month, day := shown.Date()
	hour, minute, second := shown.Clock()
	t := time.Date(year, month, day, hour, minute, second, 0, c.zone)
	start, end := t.ZoneBounds()
	switch c.shown(t).Compare(shown) {
	case 1:
		return start
	case -1:
		return end
	}
	return t
}
