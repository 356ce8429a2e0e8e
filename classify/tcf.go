package classify

import (
	"slices"
	"strings"
)

// TCString is the core of a consent string of IAB Europe's Transparency and Consent Framework, version 2.0 to 2.3: what
// the visitor agreed to, for which purposes and for which vendors of the Global Vendor List. When and in which language
// it was made is left out: it says nothing about the choice.
type TCString struct {
	CMP             int   // number of the consent manager in IAB Europe's list
	SpecialFeatures []int // that were opted in to: 1 precise location, 2 scanning of the device
	Purposes        []int // that were consented to, of 1 to 24; TCF 2.2 knows 1 to 11
	Interests       []int // purposes for which legitimate interest was told and not objected to
	Vendors         []int // consented to, in order
	InterestVendors []int // vendors whose legitimate interest was told and not objected to, in order
}

// tcPurposes is how many purposes TCF 2.2 has.
const tcPurposes = 11

// ParseTCString decodes a TC string. Segments after the core (vendors that were disclosed, publishers' own purposes)
// are left unread; restrictions of publishers are too.
func ParseTCString(s string) (TCString, error) {
	core, _, _ := strings.Cut(s, ".")
	r, err := newBitReader(core)
	if err != nil {
		return TCString{}, err
	}
	if r.number(6) != 2 {
		return TCString{}, errConsentString
	}
	r.skip(36 + 36) // created, last updated
	t := TCString{CMP: r.number(12)}
	r.skip(12 + 6 + 12 + 12 + 6 + 1 + 1) // version, screen, language, vendor list, policy, service-specific, own texts
	t.SpecialFeatures = r.flags(12)
	t.Purposes = r.flags(24)
	t.Interests = r.flags(24)
	r.skip(1 + 12) // purpose one treatment, country of the publisher
	t.Vendors = r.vendors()
	t.InterestVendors = r.vendors()
	if r.short {
		return TCString{}, errConsentString
	}
	return t, nil
}

// vendors reads a field of vendors: a bit for each, or ranges.
func (r *bitReader) vendors() []int {
	highest := r.number(16)
	if !r.bit() {
		return r.flags(min(highest, 6*len(r.sextets)))
	}
	var set []int
	for range r.number(12) {
		isRange := r.bit()
		from := r.number(16)
		to := from
		if isRange {
			to = r.number(16)
		}
		if r.short || from == 0 || to > highest || to < from {
			r.short = true
			return nil
		}
		if set = appendRange(set, from, to); set == nil {
			r.short = true
			return nil
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// appendRange adds from..to, and returns nil when a string names more vendors than their numbers of 16 bits allow:
// one that lists the same range thousands of times.
func appendRange(set []int, from, to int) []int {
	if len(set)+to-from >= 1<<16 {
		return nil
	}
	for v := from; v <= to; v++ {
		set = append(set, v)
	}
	return set
}
