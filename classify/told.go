package classify

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"trackscan/crawler"
)

// Told is what a tracker was told in one scenario of what the visitor chose.
type Told struct {
	Scenario string `json:"scenario"`
	Says     string `json:"says"` // "no consent for ads or analytics"
	Via      string `json:"via"`  // the parameters that say it: "gcd, gcs"
}

// maxTold bounds what is listed of one tracker. A tracker that is told of an update is told two things in a scenario.
const maxTold = 20

// message is what one request says of consent.
type message struct {
	mode GoogleConsent // of the consent modes of Google and Microsoft, in which a tag that is refused stores nothing
	sale grant
	says []string // in words
	via  []string // parameters
}

// readers decode the parameters that carry consent. Each adds what it understands to the message.
var readers = []struct {
	names []string
	read  func(m *message, value string) bool
}{
	{[]string{"gdpr_consent", "gdpr_consent_string", "gdpr_string", "consent_string"}, (*message).readTCF},
	{[]string{"gpp", "gpp_string"}, (*message).readGPP},
	{[]string{"us_privacy", "usprivacy", "ccpa"}, (*message).readUSP},
	{[]string{"asc"}, (*message).readUET},
	{[]string{"npa"}, flagReader("1", "no personalised ads", nil)},
	{[]string{"rdp"}, flagReader("1", "restricted data processing", func(m *message) { m.sale = denied })},
	{[]string{"dpo"}, flagReader("LDU", "limited data use", func(m *message) { m.sale = denied })},
	{[]string{"ldu", "limited_data_use"}, flagReader("1", "limited data use", func(m *message) { m.sale = denied })},
	{[]string{"gdpr"}, flagReader("0", "European law does not apply", nil)},
}

// readMessage decodes what the query of a request says of consent.
func readMessage(query url.Values) message {
	var m message
	m.readGoogle(query)
	for _, r := range readers {
		for _, name := range r.names {
			if v := query.Get(name); v != "" && r.read(&m, v) {
				m.via = append(m.via, name)
			}
		}
	}
	return m
}

// readGoogle takes gcs and gcd together: both say the same, the second one more of it.
func (m *message) readGoogle(query url.Values) {
	for name, parse := range map[string]func(string) (GoogleConsent, error){"gcs": ParseGCS, "gcd": ParseGCD} {
		if c, err := parse(query.Get(name)); err == nil && c != (GoogleConsent{}) {
			m.mode = m.mode.and(c)
			m.via = append(m.via, name)
		}
	}
	m.say(m.mode.words())
}

func (m *message) readTCF(value string) bool {
	t, err := ParseTCString(value)
	if err == nil {
		m.say(t.words())
	}
	return err == nil
}

func (m *message) readGPP(value string) bool {
	g, err := ParseGPP(value)
	if err != nil {
		return false
	}
	if g.TCF != nil {
		m.say(g.TCF.words())
	}
	m.sale = m.sale.and(g.US.Sale).and(g.US.Sharing).and(g.US.Targeted)
	m.say(g.US.words())
	return len(m.says) > 0
}

func (m *message) readUSP(value string) bool {
	u, err := ParseUSPrivacy(value)
	if err != nil || u.sale() == untold {
		return false
	}
	m.sale = m.sale.and(u.sale())
	m.say(USChoices{Sale: u.sale()}.words())
	return true
}

// readUET decodes Microsoft's asc of its Universal Event Tracking: ad storage is Granted or Denied.
func (m *message) readUET(value string) bool {
	g, ok := map[string]grant{"G": granted, "D": denied}[value]
	if ok {
		m.mode.Ads = m.mode.Ads.and(g)
		m.say(consentWords([]purposeGrant{{"ads", g}}))
	}
	return ok
}

// flagReader is a parameter of which one value says something; "true" is "1".
func flagReader(value, words string, then func(*message)) func(*message, string) bool {
	return func(m *message, v string) bool {
		if v != value && (v != "true" || value != "1") {
			return false
		}
		if then != nil {
			then(m)
		}
		m.say(words)
		return true
	}
}

func (m *message) say(words string) {
	if words != "" && !slices.Contains(m.says, words) {
		m.says = append(m.says, words)
	}
}

// told is the message for people.
func (m *message) told(scenario crawler.Scenario) (Told, bool) {
	slices.Sort(m.via)
	return Told{Scenario: string(scenario), Says: strings.Join(m.says, "; "), Via: strings.Join(m.via, ", ")}, len(m.says) > 0
}

// compareTold orders by scenario, then by words.
func compareTold(a, b Told) int {
	order := func(t Told) int { return slices.Index(crawler.Scenarios, crawler.Scenario(t.Scenario)) }
	return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.Says, b.Says), cmp.Compare(a.Via, b.Via))
}

// keepTold adds to a sorted list and keeps the first maxTold, whatever the order they come in.
func keepTold(list []Told, t Told) []Told {
	i, seen := slices.BinarySearchFunc(list, t, compareTold)
	if seen || i == maxTold {
		return list
	}
	list = slices.Insert(list, i, t)
	return list[:min(len(list), maxTold)]
}

// words says what a TC string allows.
func (t TCString) words() string {
	standard := slices.DeleteFunc(slices.Clone(t.Purposes), func(p int) bool { return p > tcPurposes })
	switch n := len(standard); {
	case n == 0:
		return "no consent for any purpose"
	case n == tcPurposes:
		return "consent for every purpose and " + count(float64(len(t.Vendors)), "vendor")
	default:
		return fmt.Sprintf("consent for purposes %s of %d and %s",
			strings.Trim(strings.ReplaceAll(fmt.Sprint(standard), " ", ", "), "[]"), tcPurposes, count(float64(len(t.Vendors)), "vendor"))
	}
}

// words says what American strings tell: of an opt-out, or that there was none.
func (c USChoices) words() string {
	var out, in []string
	for _, p := range []purposeGrant{{"sale", c.Sale}, {"sharing", c.Sharing}, {"targeted ads", c.Targeted}} {
		switch p.grant {
		case denied:
			out = append(out, p.purpose)
		case granted:
			in = append(in, p.purpose)
		}
	}
	switch {
	case len(out) > 0:
		return "opted out of " + enumerate(out, "and")
	case len(in) > 0:
		return "not opted out of " + enumerate(in, "or")
	default:
		return ""
	}
}

// ToldBy says in words what a page told all of its trackers at once, through Google's dataLayer and the interfaces of
// IAB frameworks: one phrase for each that spoke, empty when none did.
func ToldBy(c *crawler.ConsentState) []string {
	said := []string{}
	add := func(by, words string) {
		if words != "" {
			said = append(said, by+": "+words)
		}
	}
	add("Google Consent Mode", consentOf(c.Modes).words())
	for _, r := range []struct {
		by, value string
		read      func(*message, string) bool
	}{{"TCF", c.TCF, (*message).readTCF}, {"GPP", c.GPP, (*message).readGPP}, {"US privacy", c.USP, (*message).readUSP}} {
		var m message
		if r.value != "" && r.read(&m, r.value) {
			add(r.by, strings.Join(m.says, "; "))
		}
	}
	return said
}
