package classify

import (
	"slices"
	"strings"

	"trackscan/crawler"
)

// technique is a way of following visitors that shows in what a script does.
type technique struct {
	rule  string                                    // that speaks of it
	id    string                                    // as in Tracker.Techniques
	words string                                    // what the script does, for people, as the rest of a sentence
	shows func(*crawler.Page, *crawler.Script) bool // nil when it does not show in the script alone
}

// techniques are all of them, in the order in which sentences name them.
var techniques = slices.Concat(fingerprints, recordings, sandboxes)

// scriptRules are the rules about what scripts do.
var scriptRules = []string{RuleFingerprinting, RuleRecording, RuleKeyLogging, RuleSandbox}

// script makes a tracker of a script that follows visitors in a way of its own. Inline scripts of the site's pages are
// one tracker, named by the host alone.
func (g *gatherer) script(p *crawler.Page, s *crawler.Script) {
	var ways []string
	for _, t := range techniques {
		if t.shows != nil && t.shows(p, s) {
			ways = append(ways, t.id)
		}
	}
	if _, monitors := g.monitor(p, s); monitors {
		ways = slices.DeleteFunc(ways, func(way string) bool { return way == looksLikeRecording })
	}
	if len(ways) > 0 {
		g.follower(p, s).follow(ways)
	}
}

// monitor names the service whose script tells of errors and speed. Such scripts watch what recorders watch, to tell how
// long a page takes to follow a click, and hold a recorder's code whether it is used or not: that one records is known by
// where it sends.
func (g *gatherer) monitor(p *crawler.Page, s *crawler.Script) (*Vendor, bool) {
	id, known := g.scriptOf(p, s.URL)
	return id.Vendor, known && id.monitorsErrors()
}

// recognised makes a tracker of a script that is told by its text.
func (g *gatherer) recognised(p *crawler.Page, s *crawler.Script) {
	vendor, monitors := g.monitor(p, s)
	for _, mark := range s.Marks {
		identity, known := g.cat.Identify(Thing{Kind: KindScript, Name: mark, URL: s.URL, Page: p.URL})
		if !known || monitors && identity.Vendor != vendor {
			continue
		}
		g.library(p, s.URL, s.Initiators, identity).does(identity)
	}
}

// library is the tracker of a script that is known for what it is: of the host of another site, and of the script itself
// where it lies on the site's own or, one of many, with a host that keeps libraries of anybody's.
func (g *gatherer) library(p *crawler.Page, address string, initiators []string, identity Identity) *found {
	host, path := crawler.HostOf(address), pathOf(address)
	party, name := g.party(host), host
	home, _ := g.cat.Identify(Thing{Kind: KindRequest, Host: host, URL: address, Page: p.URL, Type: "script"})
	alone := party == crawler.First || home.Benign
	id := "request " + visible(host)
	if alone {
		name += path
		id += clipID(strings.ReplaceAll(template(path), " ", "%20"))
	}
	f := g.at(id, place{path: "/"})
	f.knowBetter(identity, true)
	f.Kind, f.Host, f.Party = KindRequest, host, string(party)
	f.see(sighting{page: p, name: clip(name, maxNameBytes), path: pathIf(alone, path), initiators: initiators, setBy: address, sent: sent{idle: true}})
	return f
}

func pathIf(yes bool, path string) string {
	if yes {
		return path
	}
	return ""
}

// does notes what the vendor of a host or script is known for.
func (f *found) does(identity Identity) {
	if identity.Does != "" && !identity.Benign {
		f.follow([]string{"known-" + identity.Does})
	}
}

// follower is the tracker of a script.
func (g *gatherer) follower(p *crawler.Page, s *crawler.Script) *found {
	host, path := crawler.HostOf(s.URL), pathOf(s.URL)
	if s.URL == p.FinalURL || s.URL == p.URL {
		path = ""
	}
	identity, known := g.cat.Identify(Thing{Kind: KindFingerprinting, Host: host, URL: s.URL, Page: p.URL, Type: "script"})
	if !known || identity.Benign { // what lies with a library's host is not what the host is for
		identity, known = g.scriptOf(p, s.URL)
	}
	f := g.at("fingerprinting "+visible(host)+clipID(strings.ReplaceAll(template(path), " ", "%20")), place{path: "/"})
	f.knowBetter(identity, known)
	f.Kind, f.Host, f.Party = KindFingerprinting, host, string(g.party(host))
	f.see(sighting{page: p, name: clip(host+path, maxNameBytes), path: path, setBy: s.URL, initiators: s.Initiators})
	return f
}

func pathOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	path, _, _ := strings.Cut(rest, "?")
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[i:]
	}
	return "/"
}

// follow notes ways of following, in the order of the techniques.
func (f *found) follow(ways []string) {
	for _, way := range ways {
		if i, known := slices.BinarySearch(f.Techniques, way); !known {
			f.Techniques = slices.Insert(f.Techniques, i, way)
		}
	}
}

// follows reports whether f follows visitors in a way that the rule is about.
func (f *found) follows(rule string) bool {
	return slices.ContainsFunc(techniques, func(t technique) bool {
		return t.rule == rule && slices.Contains(f.Techniques, t.id)
	})
}

// tells says what a script does that a rule is about, as the rest of a sentence.
func (f *found) tells(rule string) string {
	var parts []string
	for _, t := range techniques {
		if t.rule == rule && slices.Contains(f.Techniques, t.id) {
			parts = append(parts, t.words)
		}
	}
	return enumerate(parts, "and")
}

// findFollower adds a finding for each rule that f falls under.
func (j *judge) findFollower(f *found) {
	for _, rule := range scriptRules {
		if f.follows(rule) {
			j.about(f, rule, j.followSeverity(f), Saying{Remark: j.followMessage(f, rule)}, j.followFix(f, rule))
		}
	}
}

// followSeverity is high when the policy denies it, and when it did not wait for the consent that the site asks for.
func (j *judge) followSeverity(f *found) Severity {
	if len(f.typed) > 0 || f.Verdict == Contradicted || f.in[crawler.NoChoice] != nil && j.asksConsent() {
		return High
	}
	return Medium
}

// asksConsent reports whether there is a banner, or the policy promises to wait for consent.
func (j *judge) asksConsent() bool {
	return j.banner.shown || j.policy != nil &&
		slices.ContainsFunc(j.policy.Claims, func(c Claim) bool { return c.ID == "prior_consent" })
}

func (j *judge) followMessage(f *found, rule string) string {
	what := ""
	if rule == RuleKeyLogging && len(f.typed) > 0 {
		what = " (" + strings.Join(f.typed[:min(len(f.typed), maxShared)], ", ") + ")"
	}
	return capital(j.scriptName(f)) + " " + f.tells(rule) + what + ". " + followMeaning[rule]
}

// followMeaning says what a technique means for a visitor.
var followMeaning = map[string]string{
	RuleRecording:      "A visit can be played back like a film.",
	RuleKeyLogging:     "The visitor has not sent it.",
	RuleSandbox:        "It needs no cookie for that, and deleting cookies does not end it.",
	RuleFingerprinting: "Such traits tell one visitor from another without any cookie, and cannot be deleted.",
}

// scriptName names a script in a sentence.
func (j *judge) scriptName(f *found) string {
	switch {
	case f.Kind == KindRequest || f.Kind == KindBeacon:
		return f.party()
	case f.Path == "":
		return "a script in the pages of " + visible(f.Host)
	case f.Vendor != "":
		return "a script of " + visible(string(f.Vendor)) + " (" + shortAddress(f.Name) + ")"
	default:
		return "the script " + shortAddress(f.Name)
	}
}

func (j *judge) followFix(f *found, rule string) string {
	remove := capital(j.removal(f))
	switch {
	case f.Verdict == Contradicted:
		return remove + ", or correct that sentence of the policy."
	case f.in[crawler.NoChoice] != nil && j.asksConsent():
		return remove + ", or let it wait for consent, and name it in the policy."
	default:
		return remove + ", or name it in the policy with what it is for."
	}
}
