package classify

import (
	"fmt"

	"trackscan/crawler"
)

// The sentences about choices: what happened before one, against one, and what to do about it.

// idleDeed says what f does without storing or telling anything.
func (f *found) idleDeed(p *presence) string {
	if p.pings {
		return "The site sends a ping to " + f.party() + ", which says that there is no consent,"
	}
	return "The site loads code from " + f.party()
}

func (j *judge) beforeMessage(f *found, promise *Quote) string {
	p := f.in[crawler.NoChoice]
	when := "before the visitor has made a choice"
	switch {
	case !j.banner.shown:
		when = "without asking, although the policy promises to wait for consent"
	case !j.banner.asks && promise == nil:
		when = "from the start; the notice that is shown only informs and asks for nothing"
	}
	if !p.active {
		return f.idleDeed(p) + " " + when + ". Nothing is stored by that alone."
	}
	return f.deed() + " " + when + "."
}

// rejectMessage tells apart what came with the rejection, what went on after it, and what it only left in place.
func rejectMessage(f *found) string {
	p := f.in[crawler.Reject]
	switch {
	case !p.active:
		return f.idleDeed(p) + " although the visitor has rejected. Nothing is stored by that alone."
	case !p.anew:
		return f.deed() + ": it persisted after the visitor had rejected. It was there before, was not set again, and was not deleted."
	case f.in[crawler.NoChoice] == nil:
		return f.deed() + " although the visitor has rejected. It is new after the rejection: without a choice it was not there."
	default:
		return f.deed() + " although the visitor has rejected, as it did before."
	}
}

var signalWords = map[crawler.Scenario]string{
	crawler.GPC: "although the browser asks by Global Privacy Control not to sell or share the visitor's data",
	crawler.DNT: "although the browser sends Do Not Track, which the policy says is honoured",
}

func signalMessage(f *found, s crawler.Scenario) string {
	switch p := f.in[s]; {
	case !p.active:
		return f.idleDeed(p) + " " + signalWords[s] + ". Nothing is stored by that alone."
	case p.sold:
		return f.deed() + " " + signalWords[s] + ", and tells it that the visitor did not opt out."
	case !p.open:
		return f.deed() + " " + signalWords[s] + "; it does tell it of the opt-out."
	default:
		return f.deed() + " " + signalWords[s] + "."
	}
}

// hold says who could make f wait, told by who loads it.
func (j *judge) hold(f *found) string {
	loader := j.loader(f)
	switch {
	case loader == "":
		return "Have the site hold it back"
	case crawler.PartyOf(j.scan.Site, crawler.HostOf(loader)) == crawler.First:
		return "Have the developers hold it back in " + shortAddress(loader)
	case j.nameOf(loader) == string(f.Vendor) || crawler.HostOf(loader) == f.place():
		return "Have the pages hold back " + shortAddress(loader)
	default:
		return "Have it held back in " + j.nameOf(loader) + ", which loads it,"
	}
}

func (j *judge) untilConsent(f *found) string {
	return fmt.Sprintf("%s until the visitor agrees to %s.", j.hold(f), j.purposeOf(f))
}

func (j *judge) afterReject(f *found) string {
	if p := f.in[crawler.Reject]; !p.anew {
		return fmt.Sprintf("Have %s deleted when the visitor rejects; better, do not set it before a choice.", quoted(f.Name))
	}
	return fmt.Sprintf("%s unless the visitor agrees to %s: a rejection, too, is an answer.", j.hold(f), j.purposeOf(f))
}

func (j *judge) onSignal(f *found, s crawler.Scenario) string {
	signal := "navigator.globalPrivacyControl or the header Sec-GPC"
	if s == crawler.DNT {
		signal = "the header DNT"
	}
	return fmt.Sprintf("%s when %s is set.", j.hold(f), signal)
}

// purposeOf names what a visitor would agree to.
func (j *judge) purposeOf(f *found) string {
	c := f.category()
	if c == NoCategory {
		c = j.groups.of(f)
	}
	if word := categoryWords[c]; word != "" {
		return word
	}
	return "it"
}

const (
	noRejectMessage = "The banner offers no way to reject: visitors can only agree."
	noticeMessage   = "The banner only informs: visitors can neither agree nor reject."
	noRejectFix     = "Give the banner a button to reject, beside the one to accept and as easy to find."
)
