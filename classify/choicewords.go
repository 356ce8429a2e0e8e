package classify

import (
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

// storesNothing is what there is to say of an idle deed besides.
const storesNothing = "Nothing is stored by that alone."

// sayWhen says what f does in a scenario.
func (f *found) sayWhen(p *presence, when string) Saying {
	if !p.active {
		return Saying{Deed: f.idleDeed(p), When: when, Remark: storesNothing}
	}
	return Saying{Deed: f.deed(), When: when}
}

func (j *judge) beforeSaying(f *found, promise *Quote) Saying {
	when := "before the visitor has made a choice"
	switch {
	case !j.banner.shown:
		when = "without asking, although the policy promises to wait for consent"
	case !j.banner.asks && promise == nil:
		when = "from the start; the notice that is shown only informs and asks for nothing"
	}
	return f.sayWhen(f.in[crawler.NoChoice], when)
}

// rejectSaying tells apart what came with the rejection, what went on after it, and what it only left in place.
func rejectSaying(f *found) Saying {
	p := f.in[crawler.Reject]
	say := f.sayWhen(p, "although the visitor has rejected")
	switch {
	case !p.active:
	case !p.anew:
		say.Remark = "It persisted: it was there before, was not set again, and was not deleted."
	case f.in[crawler.NoChoice] == nil:
		say.Remark = "It is new after the rejection: without a choice it was not there."
	default:
		say.When = "once more " + say.When
	}
	return say
}

var signalWords = map[crawler.Scenario]string{
	crawler.GPC: "although the browser asks by Global Privacy Control not to sell or share the visitor's data",
	crawler.DNT: "although the browser sends Do Not Track, which the policy says is honoured",
}

func signalSaying(f *found, s crawler.Scenario) Saying {
	p := f.in[s]
	say := f.sayWhen(p, signalWords[s])
	switch {
	case !p.active:
	case p.sold:
		say.Remark = "It is told that the visitor did not opt out."
	case !p.open:
		say.Remark = "It is told of the opt-out."
	}
	return say
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

func (j *judge) untilConsent(f *found) Remedy {
	return Remedy{Do: j.hold(f), Until: "until the visitor agrees to " + j.purposeOf(f)}
}

func (j *judge) afterReject(f *found) Remedy {
	if p := f.in[crawler.Reject]; !p.anew {
		return Remedy{Do: "Have " + quoted(f.Name) + " deleted when the visitor rejects; better, do not set it before a choice"}
	}
	do := j.untilConsent(f)
	do.Also = "after a rejection"
	return do
}

func (j *judge) onSignal(f *found, s crawler.Scenario) Remedy {
	signal := "navigator.globalPrivacyControl or the header Sec-GPC"
	if s == crawler.DNT {
		signal = "the header DNT"
	}
	return Remedy{Do: j.hold(f), Also: "when " + signal + " is set"}
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
