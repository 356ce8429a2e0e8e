package crawler

// Page is what one Visit saw.
type Page struct {
	URL      string    `json:"url"`       // as visited, normalised
	FinalURL string    `json:"final_url"` // after redirects of any kind, as Landing has it
	Status   int       `json:"status"`    // of the final document; 0 when there was no HTTP answer
	MIME     string    `json:"mime"`
	Title    string    `json:"title"`
	Lang     string    `json:"lang,omitempty"` // the lang attribute of the root element
	Scenario Scenario  `json:"scenario"`
	Depth    int       `json:"depth"`              // links away from the site's address, which has depth 0
	FoundOn  string    `json:"found_on"`           // the page or sitemap that links here, empty for the site's address
	Seconds  float64   `json:"seconds"`            // wall time of the visit
	Capped   bool      `json:"capped,omitempty"`   // the page never went quiet and was ended at its cap, with all evidence
	Blank    bool      `json:"blank,omitempty"`    // there is nothing to see: no text, image, frame, canvas or video
	Password bool      `json:"password,omitempty"` // there is a visible field for a password that the visitor has, not one to be chosen
	Cookies  []Cookie  `json:"cookies,omitempty"`
	Requests []Request `json:"requests,omitempty"`
	Storage  []Storage `json:"storage,omitempty"`
	Scripts  []Script  `json:"scripts,omitempty"` // those that used what Script counts, by URL
	Links    []Link    `json:"links,omitempty"`

	Containers []Container `json:"containers,omitempty"` // of tag managers, by URL

	Aliases   []Alias      `json:"aliases,omitempty"`   // hosts of the site that other names stand behind, by host
	Decorated []Decoration `json:"decorated,omitempty"` // links to other sites that carry identifiers or numbers of clicks

	Document *Document `json:"document,omitempty"` // only for a Visit that asked for it

	// Declared are the data files of consent managers that the page itself loaded, for a Visit that asked for its Document.
	Declared []Document `json:"declared,omitempty"`

	Consent     *ConsentState `json:"consent,omitempty"`     // nil when the page neither asked nor told trackers anything
	Journey     []string      `json:"journey,omitempty"`     // the further pages of a journey, in order: Page is all of it together
	Screenshots []Screenshot  `json:"screenshots,omitempty"` // of the banner and of what came after an answer
	Session     *Session      `json:"-"`                     // what a visitor who answered would carry to the next visit
}

// Party is first when the registrable domain is that of the page being visited, third otherwise.
type Party string

// The parties.
const (
	First Party = "first"
	Third Party = "third"
)

// SetVia is the way a cookie was set.
type SetVia string

// The ways of setting a cookie.
const (
	ViaHTTP        SetVia = "http"         // a Set-Cookie header
	ViaScript      SetVia = "script"       // document.cookie in the page's own frame
	ViaCookieStore SetVia = "cookie-store" // the Cookie Store API
	ViaFrame       SetVia = "frame"        // document.cookie in a frame of another site
)

// Cookie is one cookie: identity is name, domain, path and partition key. A cookie that was refused, or set and
// deleted again, is a Cookie too.
type Cookie struct {
	Name         string   `json:"name"`
	Domain       string   `json:"domain"` // with a leading dot when sub-hosts get it too
	Path         string   `json:"path"`
	PartitionKey string   `json:"partition_key,omitempty"` // the top-level site of a partitioned (CHIPS) cookie
	Party        Party    `json:"party"`
	SetVia       SetVia   `json:"set_via"`
	SetBy        string   `json:"set_by"`      // the script that made the call, the page for an inline script, the responding hop for a header
	Initiators   []string `json:"initiators"`  // who led to SetBy: the page first, SetBy last
	StoredDays   *float64 `json:"stored_days"` // as the browser keeps it (at most 400); 0 for a session cookie; nil when never stored
	AskedDays    *float64 `json:"asked_days"`  // as the setter asked; 0 for a session cookie; nil when not seen
	HTTPOnly     bool     `json:"http_only,omitempty"`
	Secure       bool     `json:"secure,omitempty"`
	SameSite     string   `json:"same_site,omitempty"` // "Strict", "Lax", "None" or empty
	Refused      string   `json:"refused,omitempty"`   // the browser's reason for not storing it
	Transient    bool     `json:"transient,omitempty"` // set and deleted within the visit
	Brought      bool     `json:"brought,omitempty"`   // only still there: nobody set it in this visit, see Session
	Respawned    bool     `json:"respawned,omitempty"` // the visitor deleted it, and it came back with the same value
	Clicks       []string `json:"clicks,omitempty"`    // the ClickParams of the page's address whose values it holds, sorted
	Traits       Traits   `json:"traits"`
}

// Traits tell what kind of value a cookie or storage item had. The value itself is never kept.
type Traits struct {
	Length     int     `json:"length"`               // bytes
	Entropy    float64 `json:"entropy,omitempty"`    // Shannon entropy, bits per byte
	Identifier bool    `json:"identifier,omitempty"` // looks like something that tells one visitor from another
	Hash       string  `json:"hash,omitempty"`       // of the value, salted per scan: equal values at two hosts are recognised
}

// Beacon is the mechanical kind of a request that carries data away without bringing content; never a judgement.
type Beacon string

// The kinds of beacon. NoBeacon is every other request.
const (
	NoBeacon  Beacon = ""
	Pixel     Beacon = "pixel"     // an image of at most 1x1, or an image answer of at most 100 bytes
	Ping      Beacon = "ping"      // navigator.sendBeacon, <a ping>
	Keepalive Beacon = "keepalive" // fetch with keepalive
	Empty     Beacon = "empty"     // answered with 204 or no body
)

// Request is one request that left the browser, or was about to. Each hop of a redirect is a Request of its own.
type Request struct {
	URL        string   `json:"url"` // of the query only parameter names, and values of a listed few
	Method     string   `json:"method"`
	Type       string   `json:"type"`   // document, frame, script, stylesheet, image, font, media, xhr, fetch, ping, websocket, eventsource, worker, manifest, other
	Status     int      `json:"status"` // 0 when there was no answer
	MIME       string   `json:"mime,omitempty"`
	Size       int64    `json:"size"`                // bytes on the wire of the body; -1 when unknown
	Sent       int64    `json:"sent,omitempty"`      // bytes of the body that it took along, of a WebSocket of all messages
	Messages   int      `json:"messages,omitempty"`  // of a WebSocket, that left the browser
	Carries    []string `json:"carries,omitempty"`   // Traits.Hash of the identifiers that its address or body takes along, sorted
	Labels     []string `json:"labels,omitempty"`    // Traits.Hash of the identifiers in the ETag of its answer, which the cache keeps and sends back, sorted
	Clicks     []string `json:"clicks,omitempty"`    // the ClickParams of the page's address whose values it takes along, other than in the address itself, sorted
	Typed      []string `json:"typed,omitempty"`     // what was typed into a form and is taken along, "email as sha256", sorted
	Registers  []string `json:"registers,omitempty"` // what the answer has the browser do for advertising, or the request says that it does: attribution, auction, private-token, shared-storage, topics; sorted
	Frame      string   `json:"frame,omitempty"`     // URL of the frame or worker that asked, when it is not the page
	Party      Party    `json:"party"`
	Initiators []string `json:"initiators"`          // who led to it: the page first, the direct initiator last
	Redirects  []string `json:"redirects,omitempty"` // the hops that led here, first hop first
	Beacon     Beacon   `json:"beacon,omitempty"`
	Error      string   `json:"error,omitempty"` // the browser's word when it failed or was blocked

	Events  []PixelEvent `json:"events,omitempty"`  // what a pixel is told that the visitor did, by name
	Consent string       `json:"consent,omitempty"` // what a pixel's body tells of the visitor's choice, as a query
}

// StorageKind is the kind of web storage.
type StorageKind string

// The kinds of storage.
const (
	Local     StorageKind = "local"
	SessionKV StorageKind = "session"
	IndexedDB StorageKind = "indexeddb" // Key is the database's name
	CacheAPI  StorageKind = "cache"     // Key is the cache's name
)

// Storage is one storage item. Identity is kind, origin and key.
type Storage struct {
	Kind       StorageKind `json:"kind"`
	Origin     string      `json:"origin"` // "https://www.shop.test"
	Key        string      `json:"key"`
	Party      Party       `json:"party"`
	SetBy      string      `json:"set_by,omitempty"`
	Initiators []string    `json:"initiators,omitempty"`
	Transient  bool        `json:"transient,omitempty"` // set and removed within the visit
	Brought    bool        `json:"brought,omitempty"`   // only still there: nobody set it in this visit, see Session
	Clicks     []string    `json:"clicks,omitempty"`    // as in Cookie
	Traits     Traits      `json:"traits"`
}

// Rel is the kind of a Link.
type Rel string

// The kinds of link.
const (
	RelAnchor    Rel = "a"
	RelArea      Rel = "area"
	RelCanonical Rel = "canonical"
	RelAlternate Rel = "alternate"
	RelFrame     Rel = "frame"
	RelSitemap   Rel = "sitemap"
	RelRedirect  Rel = "redirect" // meta refresh
)

// Link is a link as a page has it, in document order.
type Link struct {
	URL  string `json:"url"`            // absolute
	Text string `json:"text,omitempty"` // visible text, white space folded, at most 200 bytes
	Rel  Rel    `json:"rel"`
	From string `json:"from,omitempty"` // of RelSitemap: the sitemap that lists it
}
