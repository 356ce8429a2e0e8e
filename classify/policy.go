package classify

import "encoding/json"

// PolicySchema names the JSON form of a Policy.
const PolicySchema = "trackscan.policy/1"

// Policy is what a published policy declares, as trackscan.policy/1. It is what the text says, never what is known
// from elsewhere. Several documents of one site may be merged into one Policy; each item's URL tells its source.
type Policy struct {
	Schema             string           `json:"schema"` // PolicySchema
	URL                string           `json:"url"`
	IsPolicy           bool             `json:"is_policy"` // false for a landing page, a 404, terms of service, an empty shell
	Lang               string           `json:"lang"`      // "en"; empty when it cannot be told
	Effective          Text             `json:"effective"` // "2019-06-01" or "2019-06"; empty when not stated
	Categories         []PolicyCategory `json:"categories"`
	Cookies            []PolicyCookie   `json:"cookies"`
	Vendors            []PolicyVendor   `json:"vendors"`
	Technologies       []Technology     `json:"technologies"`
	TechnologiesDenied []Technology     `json:"technologies_denied"`
	VendorsDenied      []PolicyVendor   `json:"vendors_denied"`    // "we do not use Google Analytics"
	CategoriesDenied   []PolicyCategory `json:"categories_denied"` // "we use no advertising cookies"
	Claims             []Claim          `json:"claims"`
	DNT                string           `json:"dnt"`                 // honored, ignored or silent
	ThirdPartyCookies  string           `json:"third_party_cookies"` // declared, denied or silent
	OptOuts            []string         `json:"optouts"`             // absolute URLs
}

// Quote is where a policy says something. Quote is the verbatim bytes Start..End of the document as it was read
// (decoded to UTF-8), so it may hold markup; Text is the same for people.
type Quote struct {
	Quote string `json:"quote"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	URL   string `json:"url,omitempty"` // of the document, where a Policy was merged from several
}

// PolicyCategory is a category that the policy declares, under a label or as a purpose.
type PolicyCategory struct {
	ID    Category `json:"id"`
	Label string   `json:"label"`           // as the policy words it
	Basis Basis    `json:"basis,omitempty"` // labelled or purpose; empty when not told
	Quote
}

// Basis tells how a policy declares a category.
type Basis string

// The bases.
const (
	ByLabel   Basis = "labelled" // under a heading, a bullet or a table that bears the category's name
	ByPurpose Basis = "purpose"  // by a sentence that states what cookies are used for
)

// NameIs tells what the name of a PolicyCookie is: lists of cookies also hold products and hosts.
type NameIs string

// What a listed name can be.
const (
	NameIsCookie NameIs = "cookie"
	NameIsDomain NameIs = "domain"
	NameIsVendor NameIs = "vendor"
)

// PolicyCookie is one declared cookie or storage item.
type PolicyCookie struct {
	Name          string   `json:"name"` // as printed, escapes removed, wildcards kept
	NameIs        NameIs   `json:"name_is"`
	Vendor        Text     `json:"vendor"`
	Category      Text     `json:"category"`       // a Category
	Duration      string   `json:"duration"`       // verbatim, empty when not stated
	DurationDays  *float64 `json:"duration_days"`  // 0 for a session; nil when not stated
	DurationClass Text     `json:"duration_class"` // session or persistent
	Storage       string   `json:"storage"`        // cookie, local_storage, session_storage, indexeddb
	Quote
}

// PolicyVendor is a third party that the policy names.
type PolicyVendor struct {
	Name     string   `json:"name"`
	Domains  []string `json:"domains"` // only those printed in the policy
	Category Text     `json:"category"`
	Quote
}

// Technology is a technique that the policy discloses or denies: cookie, web_beacon, email_pixel, log_file,
// local_storage, device_id or fingerprinting.
type Technology struct {
	ID string `json:"id"`
	Quote
}

// Claim is a testable promise.
type Claim struct {
	ID       string   `json:"id"`
	Scope    string   `json:"scope"`            // what it is limited to; empty for all
	Days     *float64 `json:"days"`             // of lifetime claims
	Quantile *float64 `json:"quantile"`         // of majority_lifetime, 0.5 for "the majority"
	Except   []string `json:"except,omitempty"` // what the sentence excepts
	Quote
}

// Text is a string that encodes to null when empty: the policy does not say.
type Text string

// MarshalJSON implements json.Marshaler.
func (t Text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*t = ""
		return nil
	}
	return json.Unmarshal(b, (*string)(t))
}
