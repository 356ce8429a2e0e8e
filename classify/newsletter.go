package classify

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"trackscan/crawler"
)

// The kinds of Tracker that only messages have. Pictures that tell of the reading are beacons, hosts that a message
// contacts otherwise are requests.
const (
	KindLink    Kind = "link"    // a link that tells who follows it
	KindReceipt Kind = "receipt" // the wish for a receipt, which mail programs ask their readers about
)

// Newsletters names what messages hold that tells of their readers and holds it against pol, as Classify does with a
// scan; Pages of trackers and findings are files of messages. A policy speaks of messages when it names the vendor or
// speaks of beacons: what it says of cookies, of categories of them and of the website does not count here. A nil pol,
// and one that is no policy, means that nothing could be compared. Lists are sorted by ID and never nil.
func Newsletters(messages []crawler.Message, pol *Policy, cat Catalog) Result {
	n := newsletters{cat: cat, all: map[string]*found{}}
	if pol != nil && pol.IsPolicy {
		n.policy = indexPolicy(pol, cat, senderOf(messages))
	}
	for i := range messages {
		n.message(&messages[i])
	}
	return n.result()
}

func senderOf(messages []crawler.Message) string {
	for _, m := range messages {
		if m.Sender != "" {
			return m.Sender
		}
	}
	return ""
}

// newsletters are messages being judged.
type newsletters struct {
	cat    Catalog
	policy *policyIndex // nil when there is none to compare with
	all    map[string]*found
}

func (n *newsletters) message(m *crawler.Message) {
	for i := range m.Remotes {
		s := n.see(m, &m.Remotes[i])
		n.remote(s)
		n.decorations(s)
	}
	if m.Receipt {
		n.add(m, Tracker{ID: "receipt " + m.Sender, Kind: KindReceipt, Name: "Disposition-Notification-To", Host: m.Sender}, nil)
	}
}

// remote makes a tracker of what tells of the reader, and notes the hosts of what is merely shown.
func (n *newsletters) remote(s *mailed) {
	host := clipID(visible(s.host))
	switch {
	case s.Kind == crawler.RemoteLink && s.followsClicks():
		n.add(s.message, Tracker{ID: "link " + host, Kind: KindLink, Name: s.host, Host: s.host, Identifier: s.identifies()}, s)
	case s.Kind == crawler.RemoteLink:
	case s.isPixel():
		path := pathOf(s.URL)
		n.add(s.message, Tracker{
			ID: "beacon " + host + clipID(mailTemplate(path)), Kind: KindBeacon, Name: s.host + path, Host: s.host, Path: path,
			Beacon: string(crawler.Pixel), Identifier: s.identifies(),
		}, s)
	default:
		f := n.add(s.message, Tracker{ID: "request " + host, Kind: KindRequest, Name: s.host, Host: s.host}, s)
		f.Identifier = f.Identifier || s.isPersonal()
	}
}

// mailTemplate is template for a path in which evidence has "*" for what was made for one reader.
func mailTemplate(path string) string {
	parts := strings.Split(path, "*")
	for i, part := range parts {
		parts[i] = template(part)
	}
	return strings.Join(parts, "*")
}

// decorations adds the parameters of a link that are known to number readers or clicks.
func (n *newsletters) decorations(s *mailed) {
	if s.Kind != crawler.RemoteLink || s.Unsubscribe || s.followsClicks() {
		return
	}
	_, query, _ := strings.Cut(s.URL, "?")
	for param := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(param, "=")
		if who := crawler.ClickParams[name]; who != "" {
			f := n.add(s.message, Tracker{ID: "link " + name, Kind: KindLink, Name: name, Vendor: Text(who), Identifier: true}, nil)
			f.known, f.identity = true, Identity{Vendor: &Vendor{Name: who}, Source: FromCatalog}
			f.Source = FromCatalog
		}
	}
}

// add notes that message m has a tracker; s is what was seen of it, nil when it is no address.
func (n *newsletters) add(m *crawler.Message, t Tracker, s *mailed) *found {
	f := n.all[t.ID]
	if f == nil {
		t.Party, t.Scenarios, t.Initiators = string(crawler.First), []string{}, []string{}
		f = &found{Tracker: t, seenOn: map[string]int{}}
		n.all[t.ID] = f
	}
	f.seenOn[m.File] = 0
	f.Identifier = f.Identifier || t.Identifier
	if s == nil {
		return f
	}
	if s.third {
		f.Party = string(crawler.Third)
	}
	if s.known && !f.known {
		f.name(s.identity)
	}
	return f
}

// name writes what the catalogue knows into the tracker.
func (f *found) name(id Identity) {
	f.known, f.identity = true, id
	f.Purpose, f.Source, f.Category = id.Purpose, id.Source, Text(id.Category)
	if id.Vendor != nil {
		f.Vendor, f.Owner = Text(id.Vendor.Name), id.Vendor.Owner
	}
}

func (n *newsletters) result() Result {
	r := Result{Trackers: []Tracker{}, Claims: []Tested{}, Findings: []Finding{}, Unseen: []Unseen{}}
	for _, id := range slices.Sorted(maps.Keys(n.all)) {
		f := n.all[id]
		pages := slices.Sorted(maps.Keys(f.seenOn))
		f.PageCount, f.Pages = len(pages), pages[:min(len(pages), maxPages)]
		f.match = n.verdict(f)
		f.fill()
		r.Trackers = append(r.Trackers, f.Tracker)
		r.Findings = append(r.Findings, n.findings(f)...)
	}
	slices.SortFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(a.ID, b.ID) })
	return r
}

// verdict holds f against the policy.
func (n *newsletters) verdict(f *found) match {
	x := n.policy
	switch {
	case f.harmless():
		return match{verdict: NotATracker}
	case x == nil:
		return match{verdict: NotCompared}
	}
	if v := x.deniedVendor(f); v != nil {
		return contradiction(&v.Quote, Category(v.Category), v.Name)
	}
	declared, byVendor := x.byVendor(f)
	if d, denied := x.deniedInMail(f); denied {
		return d
	}
	if byVendor {
		return declared
	}
	if t := x.declaredInMail(f); t != nil {
		return match{verdict: DeclaredByCategory, quote: &t.Quote, label: t.ID}
	}
	if f.named() || f.Kind == KindReceipt {
		return match{verdict: Undeclared}
	}
	return match{verdict: Unidentified}
}

// harmless reports whether f is a host that is merely asked for pictures, fonts or styles: one that every reader asks
// for the same does not learn who reads. A company that measures readers or advertises does with what it knows already.
func (f *found) harmless() bool {
	return f.Kind == KindRequest && (!f.Identifier || f.known && f.identity.Benign || f.named() && gravity(f.category()) == 0)
}

// deniedInMail finds a denial of beacons that speaks of messages.
func (x *policyIndex) deniedInMail(f *found) (match, bool) {
	if f.Kind != KindBeacon || x.hasTechnology("email_pixel") != nil {
		return match{}, false
	}
	for i := range x.TechnologiesDenied {
		t := &x.TechnologiesDenied[i]
		if (t.ID == "email_pixel" || t.ID == "web_beacon" && !x.uses(t.ID)) && speaksOfMail(t.Text) && !x.speaksOfDeniedVendor(t.Text) {
			return contradiction(&t.Quote, NoCategory, t.ID), true
		}
	}
	for i := range x.Claims {
		c := &x.Claims[i]
		if c.ID == "no_web_beacons" && speaksOfMail(c.Text) && x.means(c) {
			return contradiction(&c.Quote, NoCategory, c.ID), true
		}
	}
	return match{}, false
}

// declaredInMail finds the sentence that tells of f's technique in messages: of beacons, and of links where the
// sentence speaks of them as well.
func (x *policyIndex) declaredInMail(f *found) *Technology {
	for _, id := range []string{"email_pixel", "web_beacon"} {
		t := x.hasTechnology(id)
		switch {
		case t == nil || !speaksOfMail(t.Text):
		case f.Kind == KindBeacon, f.Kind == KindReceipt, f.Kind == KindLink && hasWord(t.Text, linkWords):
			return t
		}
	}
	return nil
}

func (x *policyIndex) hasTechnology(id string) *Technology {
	if i := slices.IndexFunc(x.Technologies, func(t Technology) bool { return t.ID == id }); i >= 0 {
		return &x.Technologies[i]
	}
	return nil
}

// The beginnings of words that tell what a sentence on beacons speaks of.
var (
	mailWords = []string{"mail", "e-mail", "email", "newsletter", "courriel", "correo", "boletín", "boletin", "infolettre", "nieuwsbrief"}
	siteWords = []string{"site", "website", "web-site", "webseite", "webpage", "page", "seite", "sitio", "sito", "página", "pagina", "shop"}
	linkWords = []string{"link", "click", "klick", "clic", "verweis", "enlace", "lien", "collegament"}
)

// speaksOfMail reports whether a sentence on beacons may be taken to speak of messages: it names them, or does not
// limit itself to the website.
func speaksOfMail(text string) bool {
	return hasWord(text, mailWords) || !hasWord(text, siteWords)
}

func hasWord(text string, beginnings []string) bool {
	return slices.ContainsFunc(words(text), func(word string) bool {
		return slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(word, b) })
	})
}
