package crawler

// Message is what one e-mail holds that can tell others of its reader: evidence like a Page, except that nobody opened
// it. The message was parsed, never shown, and nothing in it was fetched.
type Message struct {
	File    string   `json:"file"`
	Subject string   `json:"subject"`       // decoded; may be empty
	Sender  string   `json:"sender"`        // host of the From address, of which nothing else is kept; empty when it has none
	HTML    bool     `json:"html"`          // it has a part in HTML
	AMP     bool     `json:"amp"`           // it has a part in AMP for e-mail, which runs when it is read
	Receipt bool     `json:"receipt"`       // it asks the reader's mail program to confirm that it was read
	Cut     string   `json:"cut,omitempty"` // why not all of it could be read; empty when all was
	Remotes []Remote `json:"remotes"`       // in the order of the message, each once
}

// RemoteKind is what a Remote is to the message.
type RemoteKind string

// The kinds. All but RemoteLink are fetched when the message is shown.
const (
	RemoteImage RemoteKind = "image"
	RemoteFont  RemoteKind = "font"
	RemoteStyle RemoteKind = "style"
	RemoteMedia RemoteKind = "media"
	RemoteLink  RemoteKind = "link" // asked for when the reader follows it
)

// Remote is one address in a message. What was made for one reader is not kept: what stood there is "*".
type Remote struct {
	Kind        RemoteKind `json:"kind"`
	URL         string     `json:"url"`                   // without values, user and fragment
	Tiny        bool       `json:"tiny,omitempty"`        // an image that is declared as at most 3 by 3 pixels
	Hidden      bool       `json:"hidden,omitempty"`      // an image that a style hides
	InPath      bool       `json:"in_path,omitempty"`     // its host or path looks made for one reader or one message
	InQuery     bool       `json:"in_query,omitempty"`    // its query does
	Long        bool       `json:"long,omitempty"`        // with a token of at least 32 bytes
	Unsubscribe bool       `json:"unsubscribe,omitempty"` // a link that ends or changes the subscription
	Count       int        `json:"count"`                 // how many addresses of the message are alike in all this
}
