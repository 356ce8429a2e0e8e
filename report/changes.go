package report

import (
	"time"

	"trackscan/classify"
)

// Changes is what is different from earlier scans of the same site, in words for people; all of it is inert. The zero
// value stands for a first scan: there is nothing to hold it against.
type Changes struct {
	Since  time.Time      `json:"since"`  // when the newest of the earlier scans was started; zero for a first scan
	Scans  int            `json:"scans"`  // how many earlier scans there were
	New    []Change       `json:"new"`    // trackers that were not there, and cookies of trackers that were
	Gone   []Change       `json:"gone"`   // their pages were seen again, and they were not there
	Worse  []Change       `json:"worse"`  // was there before, and has a finding that it did not have
	Better []Change       `json:"better"` // is still there, and has lost a finding
	Policy []PolicyChange `json:"policy"` // what the policy declares now and did not, and the other way round
	Notes  []string       `json:"notes"`  // what could not be told, one sentence each
}

// First reports whether there was nothing to hold the scan against.
func (c Changes) First() bool { return c.Scans == 0 }

// Any reports whether anything changed.
func (c Changes) Any() bool {
	return len(c.New)+len(c.Gone)+len(c.Worse)+len(c.Better)+len(c.Policy) > 0
}

// Change is what changed about one tracker as people count them: a vendor, or a host of those that nobody can name.
type Change struct {
	Name     string            `json:"name"`
	Category classify.Category `json:"category"`
	Verdict  classify.Verdict  `json:"verdict"` // today's; of what is gone its last one
	Parts    []string          `json:"parts"`   // "cookie _fbp", what of it is new, gone, better or worse
	Whole    bool              `json:"whole"`   // all of the tracker is new or gone, not only Parts
	Since    time.Time         `json:"since"`   // of what is new the scan that saw it first, of what is gone the one that saw it last
	Why      string            `json:"why"`     // one sentence: where it was seen, or which finding came or went
	IDs      []string          `json:"ids"`     // of the trackers
}

// PolicyChange is one thing that the policy began or ceased to declare, or declares otherwise.
type PolicyChange struct {
	Kind     string `json:"kind"`     // "added", "removed" or "changed"
	Sentence string `json:"sentence"` // "Hotjar was removed from the table"
	Before   string `json:"before"`   // the policy's words then; empty for what was added
	After    string `json:"after"`    // the policy's words now; empty for what was removed
}
