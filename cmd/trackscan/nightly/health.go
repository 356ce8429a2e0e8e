package nightly

import (
	"fmt"
	"strings"
	"time"
)

// Health is how the nights go.
type Health struct {
	Time  time.Time
	Sites int
	Busy  []string // sites of a night that is under way, each with what it is doing
	Bad   []string // sites that were not scanned last time, each with the reason
	Next  time.Time
	Who   string // the site that is due next; empty when none is
}

// Line is the health in one line, without its time.
func (h Health) Line() string {
	parts := []string{fmt.Sprintf("%d sites", h.Sites)}
	if h.Sites == 1 {
		parts[0] = "1 site"
	}
	if len(h.Busy) > 0 {
		parts = append(parts, "now "+strings.Join(h.Busy, ", "))
	}
	if len(h.Bad) > 0 {
		parts = append(parts, "NOT SCANNED "+strings.Join(h.Bad, ", "))
	}
	if h.Who != "" {
		parts = append(parts, "next "+h.Who+" at "+h.Next.Format("Mon 2 Jan 15:04 MST"))
	}
	return strings.Join(parts, "; ")
}

// tell hands out the health. It is told by one goroutine at a time.
func (n *Nightly) tell() {
	now := n.now()
	n.mu.Lock()
	defer n.mu.Unlock()
	h := Health{Time: now, Sites: len(n.opts.Sites)}
	for _, s := range n.opts.Sites {
		if doing := n.busy[s.Name]; doing != "" {
			h.Busy = append(h.Busy, s.Name+" ("+doing+")")
		}
		if err := n.bad[s.Name]; err != nil {
			h.Bad = append(h.Bad, s.Name+" ("+strings.ReplaceAll(err.Error(), "\n", "; ")+")")
		}
		if at := s.When.Next(now); !at.IsZero() && (h.Who == "" || at.Before(h.Next)) {
			h.Next, h.Who = at, s.Name
		}
	}
	n.opts.Health(h)
}
