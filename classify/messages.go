package classify

import (
	"fmt"
	"strings"

	"trackscan/crawler"
)

// The sentences of findings. They are read by people who look after a website's texts, so they say what happens and
// what to do in plain words; names, chains and numbers stand in the evidence beside them.

// categoryWords name a category in a sentence.
var categoryWords = map[Category]string{
	Necessary: "necessary", Functional: "functional", Analytics: "analytics", Advertising: "advertising",
	Social: "social media",
}

// deed says what the site does with f, as the beginning of a sentence.
func (f *found) deed() string {
	who, kind := string(f.Vendor), categoryWords[f.category()]
	if kind != "" {
		kind += " "
	}
	switch f.Kind {
	case KindCookie, KindStorage:
		thing := "cookie"
		if f.Kind == KindStorage {
			thing = "browser storage item"
		}
		if who == "" {
			return fmt.Sprintf("The site uses the %s%s %s", kind, thing, quoted(f.Name))
		}
		return fmt.Sprintf("%s uses the %s%s %s", who, kind, thing, quoted(f.Name))
	case KindBeacon:
		return "The site reports visits to " + f.party(who)
	default:
		return "The site contacts " + f.party(who)
	}
}

// party names who is contacted, with the host for those who know only that.
func (f *found) party(who string) string {
	if who == "" {
		return quoted(f.Name)
	}
	return who + " (" + visible(clip(f.Name, maxTemplateBytes)) + ")"
}

func (j *judge) undeclaredMessage(f *found) string {
	if only := f.match.only; len(only) > 0 {
		return fmt.Sprintf("%s, and the policy speaks of %s only for %s.",
			f.deed(), categoryWords[f.category()], strings.Join(only, ", "))
	}
	return f.deed() + ", and the policy does not mention it."
}

func contradictedMessage(f *found) string {
	switch {
	case f.match.label == "exhaustive_list":
		return f.deed() + ", but the policy's list, which says that it is complete, leaves it out."
	case f.match.quote != nil && f.match.quote.Text != "":
		return f.deed() + ", but the policy says: " + sentence(f.match.quote.Text)
	default:
		return f.deed() + ", but the policy says that there is no such thing."
	}
}

// sentence quotes what a policy says, cut to what fits into a message.
func sentence(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	if short := clip(text, most); short != text {
		text = short + "…"
	}
	return "“" + text + "”"
}

func (j *judge) unidentifiedMessage(f *found) string {
	var b strings.Builder
	b.WriteString(f.deed())
	if f.Kind == KindCookie && f.Party == string(crawler.Third) {
		b.WriteString(" of " + visible(f.Domain))
	}
	b.WriteString(", and nobody can say what for")
	if f.Identifier {
		b.WriteString("; its value looks as if it told one visitor from another")
	}
	if who := j.nameOf(f.SetBy); f.stored() && who != "" {
		b.WriteString("; it is set by " + who)
	}
	return b.String() + "."
}

func miscategorisedMessage(f *found) string {
	return fmt.Sprintf("The policy counts %s as %s; it is known to serve %s.",
		quoted(f.Name), categoryWords[f.match.category], categoryWords[f.identity.Category])
}

func outlivesMessage(f *found) string {
	asked := ""
	if f.AskedDays != nil && *f.AskedDays > *f.LifetimeDays+1 {
		asked = " (it asks for " + inWords(*f.AskedDays) + ", browsers allow no more)"
	}
	return fmt.Sprintf("%s is kept for %s%s; the policy says %s.",
		quoted(f.Name), inWords(*f.LifetimeDays), asked, inWords(*f.DeclaredDays))
}

func outlivesFix(f *found) string {
	return fmt.Sprintf("Correct the lifetime of %s in the policy to %s, or have it shortened where it is set.",
		quoted(f.Name), inWords(*f.LifetimeDays))
}

func brokenMessage(t Tested, example *found) string {
	what := plural(len(t.Evidence), "thing breaks", "things break")
	promise := "the promise " + t.ID
	if t.Text != "" {
		promise = "what the policy promises"
	}
	return fmt.Sprintf("%s %s: %s.", capital(what), promise, strings.TrimPrefix(example.deed(), "The site "))
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

const brokenFix = "Make the promise true - remove what breaks it or let it wait for consent - or change the sentence."
