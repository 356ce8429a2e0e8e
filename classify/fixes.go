package classify

import (
	"fmt"
	"strings"

	"trackscan/crawler"
)

// declareOrRemove says which sentence the policy lacks and where, and who could remove the thing instead. What the site
// needs is not to be removed.
func (j *judge) declareOrRemove(f *found) string {
	add := fmt.Sprintf("Add to %s: “%s”", j.section(f.category()), f.declaration())
	if f.category() == Necessary {
		return add
	}
	return add + " Or " + j.removal(f) + "."
}

// section names the part of the policy where a category belongs, in the policy's own words where it has a label.
func (j *judge) section(c Category) string {
	const heading = 60 // what is longer is a sentence
	if g := j.policy.general[c]; g != nil && g.Basis != ByPurpose && g.Label != "" && len(g.Label) <= heading {
		return "the section “" + visible(g.Label) + "” of the policy"
	}
	if c == NoCategory {
		return "the policy"
	}
	return "a section on " + categoryWords[c] + " cookies in the policy"
}

// declaration is the sentence that would declare f.
func (f *found) declaration() string {
	who := string(f.Vendor)
	if who == "" {
		who = strings.TrimPrefix(f.place(), "www.")
	}
	var b strings.Builder
	b.WriteString(visible(who))
	if f.Purpose != "" {
		b.WriteString(": " + strings.TrimSuffix(f.Purpose, "."))
	}
	b.WriteString(".")
	if f.stored() {
		name := f.Pattern
		if name == "" {
			name = f.Name
		}
		thing := "Cookie"
		if f.Kind == KindStorage {
			thing = "Browser storage"
		}
		b.WriteString(" " + thing + ": " + visible(clip(name, maxTemplateBytes)))
		if f.LifetimeDays != nil {
			b.WriteString(", kept " + keptFor(*f.LifetimeDays))
		}
		b.WriteString(".")
	}
	return b.String()
}

func keptFor(days float64) string {
	if days <= 0 {
		return inWords(days)
	}
	return "for " + inWords(days)
}

// removal says who could remove f, told by who loads it.
func (j *judge) removal(f *found) string {
	loader := j.loader(f)
	switch {
	case loader == "":
		return "remove it from the site"
	case crawler.PartyOf(j.scan.Site, crawler.HostOf(loader)) == crawler.First:
		return "ask the developers to remove it; the site's own " + shortAddress(loader) + " brings it"
	case j.nameOf(loader) == string(f.Vendor) || crawler.HostOf(loader) == f.place():
		return "take " + shortAddress(loader) + " out of the pages"
	default:
		return "have it removed in " + j.nameOf(loader) + ", which loads it"
	}
}

// shortAddress is an address without its query, cut to what fits into a sentence.
func shortAddress(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return visible(clip(address, maxTemplateBytes))
}

// loader returns the address of the script that the site itself includes and that leads to f, empty when f is in the
// page itself. Of page, tag manager and pixel it is the tag manager.
func (j *judge) loader(f *found) string {
	if len(f.Initiators) < 2 {
		return ""
	}
	return f.Initiators[1]
}

// nameOf names whose script or server an address is: the vendor, or the host. Empty for the site's own and for none.
func (j *judge) nameOf(address string) string {
	name, known := j.askedNames[address]
	if !known {
		name = j.askName(address)
		j.askedNames[address] = name
	}
	return name
}

func (j *judge) askName(address string) string {
	host := crawler.HostOf(address)
	if host == "" {
		return ""
	}
	id, ok := j.cat.Identify(Thing{Kind: KindRequest, Host: host, URL: address, Page: j.scan.Site, Type: "script"})
	if ok && id.Vendor != nil {
		return id.Vendor.Name
	}
	if crawler.PartyOf(j.scan.Site, host) == crawler.First {
		return ""
	}
	return visible(host)
}

func (j *judge) removeOrCorrect(f *found) string {
	if f.match.label == "exhaustive_list" {
		return j.declareOrRemove(f)
	}
	return capital(j.removal(f)) + ", or correct that sentence of the policy."
}

func (j *judge) askFor(f *found) string {
	whom := "the people who build the site"
	if who := j.nameOf(j.loader(f)); who != "" {
		whom = "the people who look after " + who
	}
	return fmt.Sprintf("Ask %s what %s is for; then name it in the policy or remove it.", whom, quoted(f.Name))
}

func (j *judge) moveTo(f *found, c Category) string {
	return fmt.Sprintf("Move %s to %s, and let it wait for consent where it must.",
		quoted(f.match.label), j.section(c))
}

func regroup(f *found) string {
	return fmt.Sprintf("Move %s to the group for %s in the consent manager, so that it waits for the right answer.",
		quoted(f.Name), categoryWords[f.knownCategory()])
}
