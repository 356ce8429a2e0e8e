package classify

// Verdict is how a tracker stands to the policy.
type Verdict string

// The verdicts, worst first.
const (
	Contradicted       Verdict = "contradicted"
	Undeclared         Verdict = "undeclared"
	Unidentified       Verdict = "unidentified"
	DeclaredByCategory Verdict = "declared-by-category"
	DeclaredByVendor   Verdict = "declared-by-vendor"
	DeclaredByName     Verdict = "declared-by-name"
	NotATracker        Verdict = "not-a-tracker"
	NotCompared        Verdict = "not-compared"
)

// Severity is how much a finding matters.
type Severity string

// The severities.
const (
	Low    Severity = "low"
	Medium Severity = "medium"
	High   Severity = "high"
)

// Result is a judged scan. Field names and meanings are those of trackscan.scan/1.
type Result struct {
	Trackers []Tracker `json:"trackers"`
	Claims   []Tested  `json:"claims"`
	Findings []Finding `json:"findings"`
	Unseen   []Unseen  `json:"unseen"`
}

// Tracker is one thing that was seen, whatever its verdict: a cookie, a storage item, a beacon endpoint or a host.
type Tracker struct {
	ID           string    `json:"id"` // stable over scans, see DESIGN of IDs in id.go
	Kind         Kind      `json:"kind"`
	Name         string    `json:"name"`    // a name really seen
	Pattern      string    `json:"pattern"` // the template with "*", empty when the name does not vary
	Domain       string    `json:"domain"`
	Host         string    `json:"host"`
	Path         string    `json:"path"`
	Party        string    `json:"party"`
	Vendor       Text      `json:"vendor"`
	Category     Text      `json:"category"`
	Purpose      string    `json:"purpose"`
	Source       Source    `json:"source"`
	Scenarios    []string  `json:"scenarios"`
	Pages        []string  `json:"pages"` // at most 20
	PageCount    int       `json:"page_count"`
	SetVia       string    `json:"set_via"`
	SetBy        string    `json:"set_by"`
	Initiators   []string  `json:"initiators"`
	Bringers     []string  `json:"-"` // whose the Initiators are: vendors or hosts, empty for the site's own
	LifetimeDays *float64  `json:"lifetime_days"`
	AskedDays    *float64  `json:"asked_days"`
	DeclaredDays *float64  `json:"declared_days"`
	HTTPOnly     bool      `json:"http_only"`
	Secure       bool      `json:"secure"`
	SameSite     string    `json:"same_site"`
	Partitioned  bool      `json:"partitioned"`
	Transient    bool      `json:"transient"`
	Refused      string    `json:"refused"`
	Beacon       string    `json:"beacon"`
	Storage      string    `json:"storage"`
	Verdict      Verdict   `json:"verdict"`
	Declaration  *Declared `json:"declaration"`
	Techniques   []string  `json:"techniques,omitempty"` // of kind fingerprinting: the ways in which the script follows visitors, sorted
	Owner        string    `json:"owner,omitempty"`      // the company behind the vendor
	Identifier   bool      `json:"identifier,omitempty"` // its value looks like something that tells visitors apart
	Told         []Told    `json:"told,omitempty"`       // what its requests say of the visitor's consent
	Events       []Deed    `json:"events,omitempty"`     // what its requests say that the visitor did
}

// Declared is the sentence of the policy that a tracker was held against.
type Declared struct {
	Category Text   `json:"category"`
	Text     string `json:"text"`
	Quote    string `json:"quote"`
	URL      string `json:"url"`
}

// Tested is a claim of the policy and what became of it.
type Tested struct {
	ID       string   `json:"id"`
	Text     string   `json:"text"`
	Quote    string   `json:"quote"`
	Result   string   `json:"result"`   // holds, broken or not-testable
	Evidence []string `json:"evidence"` // IDs of trackers
}

// Finding is one thing that does not fit.
type Finding struct {
	ID       string   `json:"id"` // "<rule> <tracker id>"
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	Tracker  string   `json:"tracker"` // ID of the tracker; empty for findings about the site or the policy
	Subject  string   `json:"subject"` // the tracker's name, the declared name or the claim's id; empty for no-policy
	Scenario string   `json:"scenario"`
	Pages    []string `json:"pages"`
	Message  string   `json:"message"`
	Fix      string   `json:"fix"`
	Text     string   `json:"text"`  // the policy's sentence, for people
	Quote    string   `json:"quote"` // the same, verbatim

	Saying Saying `json:"-"` // Message in parts
	Remedy Remedy `json:"-"` // Fix in parts
}

// Unseen is something declared that was never seen.
type Unseen struct {
	Declared string `json:"declared"`
	Text     string `json:"text"`
	Quote    string `json:"quote"`
}
