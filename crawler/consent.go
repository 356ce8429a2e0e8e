package crawler

// ConsentState is how a page asked its visitor for consent, what the visitor answered and what trackers were told.
// Nothing of it is a judgement, and none of it tells visitors apart: consent strings hold choices, not identifiers.
type ConsentState struct {
	Banner       bool          `json:"banner"`                  // a consent banner was visible
	Manager      string        `json:"manager,omitempty"`       // the consent manager, "OneTrust"; empty when home-made or unknown
	Choice       bool          `json:"choice,omitempty"`        // it asks; false for a notice that only informs
	Text         string        `json:"text,omitempty"`          // the banner's visible words, at most 500 bytes
	AcceptClicks int           `json:"accept_clicks,omitempty"` // clicks that accepting all takes; 0 when there is no way
	RejectClicks int           `json:"reject_clicks,omitempty"` // clicks that rejecting all takes; 0 when there is no way
	PreTicked    int           `json:"pre_ticked,omitempty"`    // switches of optional purposes that were on before any choice
	Result       Outcome       `json:"result,omitempty"`        // of a visit that was to answer; else empty
	Why          string        `json:"why,omitempty"`           // for people, when Result is not Answered
	Confirmed    string        `json:"confirmed,omitempty"`     // where the answer was read back: "cookie OptanonConsent", "__tcfapi"
	Modes        []ConsentMode `json:"modes,omitempty"`         // Google Consent Mode commands of dataLayer, in order
	TCF          string        `json:"tcf,omitempty"`           // the TC string that __tcfapi told at the end
	GPP          string        `json:"gpp,omitempty"`           // the string that __gpp told at the end
	USP          string        `json:"usp,omitempty"`           // the string that __uspapi told at the end
	Groups       []Grouped     `json:"groups,omitempty"`        // the manager's own grouping of cookies, where it can be read
}

// ConsentMode is one consent command of Google Consent Mode.
type ConsentMode struct {
	Command string   `json:"command"` // default or update
	Granted []string `json:"granted,omitempty"`
	Denied  []string `json:"denied,omitempty"` // signal names: ad_storage, analytics_storage, ...
}

// Grouped is a cookie or vendor as the consent manager groups it.
type Grouped struct {
	Name  string `json:"name"`            // of the cookie or storage item, or of the vendor where Kind says so
	Kind  string `json:"kind,omitempty"`  // "vendor"; empty for a cookie or storage item
	Group string `json:"group"`           // the manager's label or id: "C0004", "marketing"
	About string `json:"about,omitempty"` // vendor or purpose as the manager words it
}

// Screenshot is a picture of what the visitor saw.
type Screenshot struct {
	Moment string `json:"moment"` // "banner", "after accept", "after reject"
	MIME   string `json:"mime"`   // image/jpeg or image/webp
	Bytes  []byte `json:"bytes"`
}
