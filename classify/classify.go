// Package classify judges evidence: it names what a scan saw, holds it against what the site's policy declares and
// says what does not fit.
//
// It is pure: evidence, policies and knowledge in, verdicts and findings out. No paths, no sockets, no clock; the same
// input gives the same output, in the same order. Reading policies is the work of classify/policy, naming trackers of
// classify/catalog and classify/filterlist.
package classify

// Category is why something is stored or sent.
type Category string

// The categories. NoCategory stands for "nobody says".
const (
	NoCategory  Category = ""
	Necessary   Category = "necessary"
	Functional  Category = "functional"
	Analytics   Category = "analytics"
	Advertising Category = "advertising"
	Social      Category = "social"
)

// Categories lists every category, in the order in which reports show them.
var Categories = []Category{Necessary, Functional, Analytics, Advertising, Social}

// Vendor is a company's service as policies and people name it.
type Vendor struct {
	Name     string   // "Google Analytics"
	Aliases  []string // other names that policies use: "Universal Analytics", "GA4"
	Owner    string   // the company behind it: "Google"
	Domains  []string // registrable domains and hosts that are its own: "google-analytics.com"
	Category Category // of the service as a whole
}

// Source is where an Identity comes from.
type Source string

// The sources, strongest first.
const (
	FromCatalog    Source = "catalog"
	FromPolicy     Source = "policy"
	FromFilterList Source = "filterlist"
	FromHeuristic  Source = "heuristic"
	FromNobody     Source = ""
)

// Identity is what is known about a Thing.
type Identity struct {
	Pattern     string   // the fact that matched, with "*" for what varies; empty when the name is exact
	Vendor      *Vendor  // nil when only the category is known
	Category    Category // of this thing, which may differ from its vendor's
	Purpose     string   // one plain sentence for people who are not developers
	Source      Source
	Rule        string  // of a filter list: the rule and the list's name
	TypicalDays float64 // usual lifetime; 0 when the catalogue does not say or for a session
	Benign      bool    // a CDN, font or hosting host, a consent manager's own record: not a tracker
	Does        string  // what its vendor is known to do beyond keeping things: "session-recording", "fingerprinting"
	ConsentFree bool    // exempt from consent by a published decision of an authority, in the usual configuration
}

// Kind is what sort of Thing is asked about; it is also the kind of a Tracker.
type Kind string

// The kinds.
const (
	KindCookie         Kind = "cookie"
	KindStorage        Kind = "storage"
	KindBeacon         Kind = "beacon"
	KindRequest        Kind = "request"
	KindFingerprinting Kind = "fingerprinting"
	KindScript         Kind = "script"  // of a Thing alone: a script whose text has the mark Name
	KindService        Kind = "service" // of a Thing alone: a service that others call by Name
)

// Thing is what a Catalog is asked about.
type Thing struct {
	Kind Kind
	Name string // cookie name, storage key; empty for requests and beacons
	Host string // cookie domain, storage origin's host, or request host; without a leading dot; may be empty when unknown
	URL  string // of requests and beacons
	Page string // URL of the page it was seen on
	Type string // of requests, as in crawler.Request; may be empty
}

// A Catalog knows trackers.
//
// Identify returns what is known about t, and false when nothing is. It is safe for concurrent use and never touches
// the network.
type Catalog interface {
	Identify(t Thing) (Identity, bool)
}

// Catalogs asks each catalogue in turn; the first that knows t answers.
type Catalogs []Catalog

// Identify implements Catalog.
func (c Catalogs) Identify(t Thing) (Identity, bool) {
	for _, one := range c {
		if id, ok := one.Identify(t); ok {
			return id, true
		}
	}
	return Identity{}, false
}
