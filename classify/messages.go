package classify

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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
func (f *found) deed() string { return "The site " + f.act() }

// act is the rest of deed: "uses the advertising cookie “_fbp” of Meta Pixel".
func (f *found) act() string {
	switch f.Kind {
	case KindBeacon:
		return "reports visits to " + f.party()
	case KindRequest:
		return "contacts " + f.party()
	case KindFingerprinting:
		return "runs a script that follows visitors, " + f.party()
	}
	thing := "cookie "
	if f.Kind == KindStorage {
		thing = "browser storage item "
	}
	if kind := categoryWords[f.category()]; kind != "" {
		thing = kind + " " + thing
	}
	act := "uses the " + thing + quoted(f.Name)
	switch {
	case f.Vendor != "":
		return act + " of " + visible(string(f.Vendor))
	case f.Party == string(crawler.Third):
		return act + " of " + visible(bareDomain(f))
	default:
		return act
	}
}

// party names who is contacted, with the address for those who know only that.
func (f *found) party() string {
	if f.Vendor == "" {
		return quoted(f.Name)
	}
	return visible(string(f.Vendor)) + " (" + visible(clip(f.Name, maxTemplateBytes)) + ")"
}

func undeclaredSaying(f *found) Saying {
	if only := f.match.only; len(only) > 0 {
		return Saying{Deed: f.deed(), But: fmt.Sprintf(", and the policy declares %s cookies only for %s",
			categoryWords[f.category()], visible(strings.Join(only, ", ")))}
	}
	return Saying{Deed: f.deed(), But: ", and the policy does not mention it"}
}

func contradictedSaying(f *found) Saying {
	switch {
	case f.match.label == "exhaustive_list":
		return Saying{Deed: f.deed(), But: ", but the policy's list, which says that it is complete, leaves it out"}
	case f.match.quote != nil && f.match.quote.Text != "":
		return Saying{Deed: f.deed(), But: ", but the policy says: " + sentence(f.match.quote.Text)}
	default:
		return Saying{Deed: f.deed(), But: ", but the policy says that there is no such thing"}
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

func (j *judge) unidentifiedSaying(f *found) Saying {
	var b strings.Builder
	b.WriteString(", and nobody can say what for")
	if f.Identifier {
		b.WriteString("; its value looks as if it told one visitor from another")
	}
	if others := j.sharedWith(f); len(others) > 0 {
		b.WriteString(", and the same value was seen at " + strings.Join(others, ", "))
	}
	if who := j.nameOf(f.SetBy); f.stored() && who != "" && who != f.place() {
		b.WriteString("; it is set by " + who)
	}
	return Saying{Deed: f.deed(), But: b.String()}
}

// maxShared is how many hosts a sentence names.
const maxShared = 3

// sharedWith returns hosts of other sites at which an identifier of f was seen too, at most maxShared.
func (j *judge) sharedWith(f *found) []string {
	own, others := crawler.RegistrableDomain(f.place()), []string{}
	for _, hash := range f.values {
		for _, host := range j.holders[hash] {
			if crawler.RegistrableDomain(host) != own && !slices.Contains(others, visible(host)) {
				others = append(others, visible(host))
			}
		}
	}
	slices.Sort(others)
	return others[:min(len(others), maxShared)]
}

func miscategorisedMessage(f *found) string {
	return fmt.Sprintf("The policy counts %s as %s; it is known to serve %s.",
		quoted(f.Name), categoryWords[f.match.category], categoryWords[f.declaredAs()])
}

func groupedGraverMessage(f *found, group Category) string {
	return fmt.Sprintf("The policy counts %s as %s; the site's own consent manager asks for it as %s.",
		quoted(f.Name), categoryWords[f.match.category], categoryWords[group])
}

func groupedMilderMessage(f *found, group Category) string {
	return fmt.Sprintf("The consent manager counts %s as %s; it is known to serve %s.",
		quoted(f.Name), categoryWords[group], categoryWords[f.knownCategory()])
}

func outlivesMessage(f *found) string {
	asked := ""
	if f.AskedDays != nil && *f.AskedDays > *f.LifetimeDays+1 && *f.LifetimeDays > longestDays-1 {
		asked = " (it asks for " + inWords(*f.AskedDays) + ", browsers allow no more)"
	}
	return fmt.Sprintf("%s is kept for %s%s; the policy says %s.",
		quoted(f.Name), inWords(*f.LifetimeDays), asked, inWords(*f.DeclaredDays))
}

func outlivesFix(f *found) string {
	return fmt.Sprintf("Correct the lifetime of %s in the policy to %s, or have it shortened where it is set.",
		quoted(f.Name), inWords(*f.LifetimeDays))
}

// brokenMessage names the gravest of what breaks a promise, for the promise itself stands beside it. Only the promise of
// a banner is broken by nothing.
func (j *judge) brokenMessage(against []*found) string {
	if len(against) == 0 {
		return "A promise of the policy does not hold: no banner was shown" + j.lookedFrom() + "."
	}
	gravest := slices.MinFunc(against, func(a, b *found) int {
		return cmp.Or(-cmp.Compare(gravity(a.category()), gravity(b.category())), cmp.Compare(a.ID, b.ID))
	})
	if len(against) == 1 {
		return "A promise of the policy does not hold: the site " + gravest.act() + "."
	}
	return fmt.Sprintf("A promise of the policy does not hold: %d things break it, for instance the site %s.",
		len(against), gravest.act())
}

// lookedFrom says as whom the site was visited: many banners are shown in some countries only.
func (j *judge) lookedFrom() string {
	language, zone := visible(j.scan.Agent.Language), visible(j.scan.Agent.Timezone)
	switch {
	case language != "" && zone != "":
		return " to a visitor whose browser speaks " + language + " in the time zone " + zone
	case language != "":
		return " to a visitor whose browser speaks " + language
	default:
		return ""
	}
}

func capital(s string) string {
	_, first := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:first]) + s[first:]
}

const brokenFix = "Make the promise true - remove what breaks it or let it wait for consent - or change the sentence."
