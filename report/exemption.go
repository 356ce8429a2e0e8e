package report

import (
	"slices"
	"time"

	"trackscan/classify"
)

// Exemption is a finding that the owners of the site know of and let be, with their reason. A report leaves it out of
// what is to do and lists it with that reason. One that has expired exempts nothing: the finding counts again, and a
// warning says so.
type Exemption struct {
	ID      string // of the finding, in full
	Reason  string
	Owner   string    // who answers for it; empty when nobody is named
	Until   time.Time // the last day; zero for one without end
	Expired bool      // told by the caller, who knows what day it is
}

// Exempted is a finding that is let be, and why. In the JSON it stands apart from the findings.
type Exempted struct {
	classify.Finding
	Reason string `json:"reason"`
	Owner  string `json:"owner"`
	Until  string `json:"until"` // 2026-12-31; empty for one without end
}

// day writes the last day of an exemption; empty for one without end.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// exempt moves the findings that are let be to a list of their own and returns the exemptions that have expired.
func (f *Facts) exempt(list []Exemption) (expired []Exemption) {
	var counting []classify.Finding
	for _, finding := range f.Findings {
		i := slices.IndexFunc(list, func(e Exemption) bool { return bound(e.ID) == finding.ID })
		if i >= 0 && !list[i].Expired {
			e := list[i]
			f.Exempted = append(f.Exempted, Exempted{finding, bound(e.Reason), bound(e.Owner), day(e.Until)})
			continue
		}
		if i >= 0 {
			expired = append(expired, list[i])
		}
		counting = append(counting, finding)
	}
	f.Findings = counting
	return expired
}

// expiredWarnings makes the exemptions heard whose time is over.
func expiredWarnings(expired []Exemption) []Warning {
	if len(expired) == 0 {
		return nil
	}
	w := Warning{Text: number(len(expired), "exemption has", "exemptions have") + " expired, so " +
		pick(len(expired), "its finding counts", "their findings count") + " again."}
	for _, e := range expired {
		detail := sentence(e.ID)
		if until := day(e.Until); until != "" {
			detail += ", until " + until
		}
		if who := sentence(e.Owner); who != "" {
			detail += ", " + who
		}
		w.Details = append(w.Details, detail+": "+sentence(e.Reason))
	}
	return []Warning{w.bounded()}
}
