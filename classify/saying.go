package classify

import (
	"slices"
	"strings"
)

// Saying is the message of a finding in parts, so that several findings about one deed can be told in one sentence. It
// has no Deed where a message is not made so.
type Saying struct {
	Deed   string // the beginning of a sentence: "The site uses the advertising cookie “_fbp” of Meta Pixel"
	When   string // what makes it wrong: "before the visitor has made a choice"; empty when it always is
	But    string // what speaks against it, comma included: ", and the policy does not mention it"; may be empty
	Remark string // whole sentences besides; may be empty
}

// Tell says what is wrong with one deed: that of the first saying, with the circumstances of all.
func Tell(sayings ...Saying) string {
	var when, but, remarks []string
	for _, s := range sayings {
		when, but, remarks = addOnce(when, s.When), addOnce(but, s.But), addOnce(remarks, s.Remark)
	}
	if sayings[0].Deed == "" {
		return strings.Join(remarks, " ")
	}
	text := sayings[0].Deed
	if len(when) > 0 {
		text += " " + enumerate(when, "and")
	}
	text += strings.Join(but, "")
	if !strings.HasSuffix(text, "”") { // whose full stop is the quote's
		text += "."
	}
	return strings.Join(append([]string{text}, remarks...), " ")
}

// Remedy is a fix in parts, so that what is to be done once is said once. It is zero where a fix is not made so.
type Remedy struct {
	Do    string // "Have the site hold it back"
	Until string // "until the visitor agrees to advertising"; may be empty
	Also  string // "after a rejection": when that holds as well, or when alone; may be empty
}

// Advise says to do one thing: that of the first remedy, with the circumstances of all.
func Advise(remedies ...Remedy) string {
	var until, also []string
	for _, r := range remedies {
		until, also = addOnce(until, r.Until), addOnce(also, r.Also)
	}
	text := remedies[0].Do
	if len(until) > 0 {
		text += " " + enumerate(until, "and")
	}
	switch {
	case len(also) > 0 && len(until) > 0:
		text += ", also " + enumerate(also, "and")
	case len(also) > 0:
		text += " " + enumerate(also, "and")
	}
	return text + "."
}

// addOnce returns list with s, if it is not there yet and not empty.
func addOnce(list []string, s string) []string {
	if s == "" || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
