// Package consent knows how consent banners look, what their buttons mean, and where an answer can be read back.
//
// Knowledge is data: one file per consent manager in managers, one per language in words, each fact beside examples
// that prove it. Label tells what a button is for, Choose whether something on a page is a consent banner and which
// of its buttons does what, Reading what a manager's cookie or storage item says. The scripts that look at a page are
// here too (finder.js, told.js); running them is the work of package browser, so nothing here needs a browser.
//
// It never clicks, and it never judges whether a banner is fair.
package consent

// Button is what a button of a banner is for.
type Button string

// The kinds of button. A text that fits none, or that belongs to something else than consent, is Other.
const (
	Accept   Button = "accept"   // agrees to everything
	Reject   Button = "reject"   // agrees to nothing but what is necessary
	Settings Button = "settings" // opens finer choices
	Save     Button = "save"     // stores the choices that stand there
	Close    Button = "close"    // puts the banner away
	Inform   Button = "inform"   // takes note: "OK", "Got it"
	Policy   Button = "policy"   // leads to more words
	Other    Button = "other"
)

// Buttons lists every Button.
var Buttons = []Button{Accept, Reject, Settings, Save, Close, Inform, Policy, Other}
