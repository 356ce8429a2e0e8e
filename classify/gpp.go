package classify

import (
	"slices"
	"strings"
)

// GPPString is a string of IAB's Global Privacy Platform: a header that lists sections, and the sections themselves.
type GPPString struct {
	Sections []int     // numbers of the sections, ascending: 2 TCF EU, 6 US privacy, 7 US national, 8 California, ...
	TCF      *TCString // nil when there is no such section, or it cannot be read
	US       USChoices // of all sections about states of the USA together
}

// USChoices is what the American sections of a GPP string say of the visitor's opt-outs.
type USChoices struct {
	Sale, Sharing, Targeted grant // denied when the visitor opted out of it
	Signal                  bool  // the browser sent Global Privacy Control
}

// maxSections is more than the Global Privacy Platform has: 2 to 27 at the end of 2025.
const maxSections = 64

// ParseGPP decodes a GPP string of version 1. Sections that are not known or cannot be read are only listed.
func ParseGPP(s string) (GPPString, error) {
	if len(s) > maxConsentString {
		return GPPString{}, errConsentString
	}
	parts := strings.Split(s, "~")
	r, err := newBitReader(parts[0])
	if err != nil {
		return GPPString{}, err
	}
	if r.number(6) != 3 || r.number(6) != 1 {
		return GPPString{}, errConsentString
	}
	g := GPPString{Sections: r.sections()}
	if r.short || len(g.Sections) != len(parts)-1 {
		return GPPString{}, errConsentString
	}
	for i, id := range g.Sections {
		g.section(id, parts[i+1])
	}
	return g, nil
}

// sections reads the numbers of a header: each is told by its distance to the one before it.
func (r *bitReader) sections() []int {
	var ids []int
	last := 0
	for range r.number(12) {
		isRange := r.bit()
		first := last + r.fibonacci()
		last = first
		if isRange {
			last += r.fibonacci()
		}
		if r.short || len(ids)+last-first >= maxSections {
			r.short = true
			return nil
		}
		for id := first; id <= last; id++ {
			ids = append(ids, id)
		}
	}
	return ids
}

const (
	gppTCF   = 2 // TCF EU v2
	gppUSOld = 6 // the US privacy string
)

func (g *GPPString) section(id int, text string) {
	switch fields, american := usSections[id]; {
	case id == gppTCF:
		if t, err := ParseTCString(text); err == nil {
			g.TCF = &t
		}
	case id == gppUSOld:
		if u, err := ParseUSPrivacy(text); err == nil {
			g.US.add(USChoices{Sale: u.sale()})
		}
	case american:
		if c, err := parseUSSection(text, fields); err == nil {
			g.US.add(c)
		}
	}
}

// usFields tells where a section about a state holds the opt-outs: the number of its field of two bits, counted after
// the version; -1 when it has none.
type usFields struct{ sale, sharing, targeted int }

// usSections are the sections about states of the USA, from IAB Tech Lab's specifications of each. Most have three
// notices before the opt-outs of sale and of targeted advertising.
var usSections = map[int]usFields{
	7:  {sale: 6, sharing: 7, targeted: 8},  // national
	8:  {sale: 3, sharing: 4, targeted: -1}, // California
	9:  {sale: 3, sharing: -1, targeted: 4}, // Virginia
	10: {sale: 3, sharing: -1, targeted: 4}, // Colorado
	11: {sale: 4, sharing: -1, targeted: 5}, // Utah: a fourth notice
	12: {sale: 3, sharing: -1, targeted: 4}, // Connecticut
	13: {sale: 3, sharing: -1, targeted: 4}, // Florida
	14: {sale: 3, sharing: -1, targeted: 4}, // Montana
	15: {sale: 3, sharing: -1, targeted: 4}, // Oregon
	16: {sale: 3, sharing: -1, targeted: 4}, // Texas
	17: {sale: 3, sharing: -1, targeted: 4}, // Delaware
	18: {sale: 4, sharing: -1, targeted: 5}, // Iowa: a fourth notice
	19: {sale: 3, sharing: -1, targeted: 4}, // Nebraska
	20: {sale: 3, sharing: -1, targeted: 4}, // New Hampshire
	21: {sale: 3, sharing: -1, targeted: 4}, // New Jersey
	22: {sale: 3, sharing: -1, targeted: 4}, // Tennessee
	23: {sale: 3, sharing: -1, targeted: 4}, // Minnesota
	24: {sale: 5, sharing: -1, targeted: 6}, // Maryland: begins with how the publisher takes part in the agreement
	25: {sale: 5, sharing: -1, targeted: 6}, // Indiana, likewise
	26: {sale: 5, sharing: -1, targeted: 6}, // Kentucky, likewise
	27: {sale: 5, sharing: -1, targeted: 6}, // Rhode Island, likewise
}

// parseUSSection decodes the opt-outs of one section and its segment about Global Privacy Control.
func parseUSSection(text string, fields usFields) (USChoices, error) {
	segments := strings.Split(text, ".")
	core, err := newBitReader(segments[0])
	if err != nil {
		return USChoices{}, err
	}
	core.skip(6) // version: later ones add fields behind those that are read here
	var values []int
	for range 1 + max(fields.sale, fields.sharing, fields.targeted) {
		values = append(values, core.number(2))
	}
	if core.short {
		return USChoices{}, errConsentString
	}
	return USChoices{
		Sale: optOut(values, fields.sale), Sharing: optOut(values, fields.sharing), Targeted: optOut(values, fields.targeted),
		Signal: slices.ContainsFunc(segments[1:], isSignalSegment),
	}, nil
}

// isSignalSegment reports whether a segment is the one about Global Privacy Control, of type 1, and says that it was
// sent.
func isSignalSegment(segment string) bool {
	r, err := newBitReader(segment)
	return err == nil && r.number(2) == 1 && r.bit()
}

// optOut reads a field: 1 is opted out, 2 is not, 0 is that it does not apply.
func optOut(values []int, field int) grant {
	if field < 0 {
		return untold
	}
	switch values[field] {
	case 1:
		return denied
	case 2:
		return granted
	default:
		return untold
	}
}

// add joins two sections: who opted out in one has opted out.
func (c *USChoices) add(other USChoices) {
	c.Sale, c.Sharing, c.Targeted = c.Sale.and(other.Sale), c.Sharing.and(other.Sharing), c.Targeted.and(other.Targeted)
	c.Signal = c.Signal || other.Signal
}
