package policy

import (
	"strings"

	"trackscan/classify"
)

// mention is a vendor found in a phrase.
type mention struct {
	hit
	vendor  *classify.Vendor // nil when nobody told of it
	host    bool             // only a host of it is named
	owner   bool             // only the company behind vendors is named
	address string           // the registrable domain printed in brackets behind it
	printed string
}

// name is what the mentioned is called by those who know it.
func (m mention) name() string {
	if m.owner || m.vendor == nil {
		return m.printed
	}
	return m.vendor.Name
}

// plainName reports whether a vendor is called by the name it is known by.
func (m mention) plainName() bool {
	return m.vendor != nil && !m.owner && !m.host && vendorKey(m.printed) == vendorKey(m.vendor.Name)
}

// key tells mentions of one vendor from those of another.
func (m mention) key() string {
	if m.vendor != nil && !m.owner && !m.host {
		return fold(m.vendor.Name)
	}
	return vendorKey(m.printed)
}

// ownPart is what a vendor is called in words that put its company before it, or what it does behind: "YouTube" of
// "Google/YouTube" and of "YouTube videos".
func (m mention) ownPart(printed string) string {
	if m.vendor == nil {
		return printed
	}
	if n := len(m.vendor.Name); len(printed) > n && strings.EqualFold(printed[:n], m.vendor.Name) && printed[n] == ' ' && !hasCapital(printed[n:]) {
		return printed[:n] // "YouTube videos"
	}
	for part := range strings.SplitSeq(printed, "/") {
		if vendorKey(part) == vendorKey(m.vendor.Name) {
			return strings.TrimSpace(part)
		}
	}
	return printed
}
