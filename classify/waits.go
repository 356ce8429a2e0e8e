package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// waits reports whether f is not necessary, and so has to wait for consent. Necessary is what the catalogue calls so,
// and what the policy or the consent manager call so unless the catalogue knows it for analytics, advertising or
// social media. What is exempt from consent, what is no tracker, what only tries and the record of the visitor's own
// choice do not wait.
func (j *judge) waits(f *found) bool {
	known, called := f.knownCategory(), f.calledCategory()
	group := j.groups.of(f)
	switch {
	case f.benign(), f.tries(), f.known && f.identity.ConsentFree, known == Necessary, f.isRecord():
		return false
	case gravity(known) > 0:
		return !(f.identity.monitorsErrors() && called == Necessary)
	case called == Necessary, called == NoCategory && group == Necessary:
		return false
	case called != NoCategory, group != NoCategory: // the site itself says that it can be done without
		return true
	case known == Functional:
		return f.stored() && (f.Identifier || f.Party == string(crawler.Third))
	default:
		return f.stored() && f.Identifier && !f.Transient && !f.declared()
	}
}

// knownCategory is what the catalogue or a filter list knows f for; a guess is no knowledge.
func (f *found) knownCategory() Category {
	if !f.named() {
		return NoCategory
	}
	return f.identity.Category
}

// calledCategory is what the policy calls f itself, by its name or that of its service; NoCategory when it does not.
func (f *found) calledCategory() Category {
	if f.match.verdict == DeclaredByName || f.match.verdict == DeclaredByVendor && f.match.whole {
		return f.match.category
	}
	return NoCategory
}

// declared reports whether the policy declares f at all.
func (f *found) declared() bool {
	return f.Verdict == DeclaredByName || f.Verdict == DeclaredByVendor || f.Verdict == DeclaredByCategory
}

// isRecord reports whether the name of something that nobody can name, of the site's own, says that it remembers the
// visitor's choice: sites make such records without a consent manager.
func (f *found) isRecord() bool {
	return f.stored() && !f.named() && f.Party == string(crawler.First) && slices.ContainsFunc(f.names, speaksOfConsent)
}

// recordsOf returns the names under which answers were read back: "cookie NAME", "local storage NAME".
func recordsOf(scan *crawler.Scan) map[string]bool {
	names := map[string]bool{}
	for i := range scan.Pages {
		c := scan.Pages[i].Consent
		if c == nil {
			continue
		}
		for _, kind := range []string{"cookie ", "local storage ", "session storage "} {
			if name, ok := strings.CutPrefix(c.Confirmed, kind); ok {
				names[name] = true
			}
		}
	}
	return names
}

// consentMarks are in names of records of consent whatever else there is in them; consentPairs are with "cookie".
var (
	consentMarks = []string{"consent", "gdpr", "dsgvo", "rgpd", "ccpa", "euprivacy"}
	consentPairs = []string{
		"accept", "agree", "allow", "banner", "notice", "choice", "preference", "settings", "policy", "hinweis", "einwilligung",
		"law", "bar", "akzept", "zustimm", "dismiss", "popup", "compliance", "info",
	}
)

// speaksOfConsent reports whether a name says that it remembers a choice about cookies: "cookie_consent",
// "cookiesAccepted", "gdpr[allowed_cookies]".
func speaksOfConsent(name string) bool {
	name = strings.ToLower(name)
	in := func(mark string) bool { return strings.Contains(name, mark) }
	return slices.ContainsFunc(consentMarks, in) || in("cookie") && slices.ContainsFunc(consentPairs, in)
}
