package consent

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed finder.js
var finderSource string

//go:embed told.js
var toldSource string

// Ask is the script that asks a frame: look, aim, press or find, with arguments as finder.js has them. It is
// to run in a world of its own, the same one for all questions about one document.
func Ask(op string, args any) string {
	text, err := json.Marshal(args)
	if err != nil {
		panic(err) // arguments are strings and numbers
	}
	return fmt.Sprintf("(%s)(%q, %s)", finderSource, op, text)
}

// Look is the script that looks for banners; it answers with a View.
var Look = sync.OnceValue(func() string {
	banners := [][]string{}
	for _, m := range Managers() {
		banners = append(banners, slices.Concat(m.Banner, m.Panel))
	}
	return Ask("look", map[string]any{"banners": banners, "words": topicWords()})
})

// topicWords is a regular expression of everything that the text of a banner must have a part of.
func topicWords() string {
	var words []string
	for _, l := range lexicon() {
		for _, p := range l.topics {
			if p.class.has(cookie) {
				words = append(words, regexp.QuoteMeta(p.words[0].text))
			}
		}
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), "|")
}

// Tell is the script that reads what the page tells trackers; it answers with a Told and runs in the page's own world.
var Tell = sync.OnceValue(func() string {
	globals, groups := [][]string{}, []string{}
	for _, m := range Managers() {
		globals = append(globals, append([]string{}, m.Global...))
		if m.Groups == "" {
			groups = append(groups, "null")
		} else {
			groups = append(groups, "() => ("+m.Groups+")")
		}
	}
	text, _ := json.Marshal(globals)
	return fmt.Sprintf("(%s)(%s, [%s])", toldSource, text, strings.Join(groups, ","))
})

// Told is what told.js answers.
type Told struct {
	Modes    []Mode     `json:"modes"`
	TCF      string     `json:"tcf"`
	GPP      string     `json:"gpp"`
	USP      string     `json:"usp"`
	Purposes *int       `json:"purposes"` // that __tcfapi says are consented to; nil when it says nothing
	Action   bool       `json:"action"`   // __tcfapi says that the visitor has chosen
	Managers []int      `json:"managers"` // by their place in Managers
	Groups   [][]string `json:"groups"`
}

// Bound cuts everything to the size that told.js keeps to: its world is the page's, which may answer what it likes.
func (t *Told) Bound() {
	t.TCF, t.GPP, t.USP = clip(t.TCF, maxString), clip(t.GPP, maxString), clip(t.USP, 20)
	t.Modes = t.Modes[:min(len(t.Modes), maxModes)]
	for i := range t.Modes {
		t.Modes[i].bound()
	}
	t.Managers = slices.DeleteFunc(t.Managers, func(i int) bool { return i < 0 || i >= len(Managers()) })
	t.Groups = slices.DeleteFunc(t.Groups, func(g []string) bool { return len(g) != 4 })
	t.Groups = t.Groups[:min(len(t.Groups), maxGroups)]
	for _, g := range t.Groups {
		for i := range g {
			g[i] = clip(g[i], maxName)
		}
	}
}

// Bounds of what a page tells; the longest TC strings seen have 8,000 bytes, the longest list of cookies 600 entries.
const (
	maxString = 20_000
	maxModes  = 100
	maxGroups = 1_000
	maxName   = 200
)

func (m *Mode) bound() {
	m.Command = clip(m.Command, 10)
	for _, list := range []*[]string{&m.Granted, &m.Denied} {
		*list = (*list)[:min(len(*list), 30)]
		for i, name := range *list {
			(*list)[i] = clip(name, maxName)
		}
	}
}

// Mode is a command of Google Consent Mode.
type Mode struct {
	Command string   `json:"command"`
	Granted []string `json:"granted"`
	Denied  []string `json:"denied"`
}

// Tracks reports whether the command allows advertising or analytics to store something.
func (m Mode) Tracks() bool {
	return slices.Contains(m.Granted, "ad_storage") || slices.Contains(m.Granted, "analytics_storage")
}

// View is what finder.js sees in one frame.
type View struct {
	Boxes    []Box    `json:"boxes"`
	Frames   int      `json:"frames"`   // frames that may hold a banner
	Switches []Switch `json:"switches"` // of the whole frame, hidden ones too, when there is a box
}

// Box is something that may be a banner.
type Box struct {
	N        int       `json:"n"`
	Manager  int       `json:"manager"` // its place in Managers, -1 when it is nobody's
	Text     string    `json:"text"`
	Tag      string    `json:"tag"`
	Named    bool      `json:"named"` // its name says that it is about cookies
	Buttons  []Element `json:"buttons"`
	Switches []Switch  `json:"switches"`
	Fields   int       `json:"fields"` // to type something into
}

// Element is a visible button.
type Element struct {
	N    int    `json:"n"`
	Text string `json:"text"`
	Href string `json:"href"` // of a link that leads off the page
	Off  bool   `json:"off"`
}

// Switch is a check box or switch.
type Switch struct {
	N    int    `json:"n"`
	Text string `json:"text"`
	On   bool   `json:"on"`
	Off  bool   `json:"off"` // cannot be switched
	Seen bool   `json:"seen"`
}

// Optional reports whether a visitor can switch it off: it is not for what is necessary.
func (s Switch) Optional() bool {
	if s.Off {
		return false
	}
	c := classOf(wordsOf(s.Text))
	return !c.has(necessary) || c.has(optional)
}

// Banner is a box that is a consent banner, and what its buttons do.
type Banner struct {
	N        int      // in the list that finder.js keeps
	Manager  *Manager // nil when nobody's
	Text     string   // at most 500 bytes
	Switches []Switch
	Pressed  map[Button][]Element // its visible buttons by kind
}

// maxText is the length in bytes of the text that is kept of a banner.
const maxText = 500

// Banners are the consent banners among the boxes of a view.
func (v View) Banners() []Banner {
	var all []Banner
	for _, b := range v.Boxes {
		if banner, ok := b.banner(); ok {
			all = append(all, banner)
		}
	}
	return all
}

func (b Box) banner() (Banner, bool) {
	banner := Banner{N: b.N, Text: clip(b.Text, maxText), Switches: b.Switches, Pressed: map[Button][]Element{}}
	for _, e := range b.Buttons {
		kind := Label(e.Text)
		if e.Href != "" && kind != Accept && kind != Reject { // leads away: no part of answering here
			kind = Policy
		}
		if !e.Off {
			banner.Pressed[kind] = append(banner.Pressed[kind], e)
		}
	}
	if b.Manager >= 0 {
		banner.Manager = Managers()[b.Manager]
		return banner, true
	}
	return banner, b.Fields == 0 && banner.asksForConsent(classOf(wordsOf(b.Text)), b.Named)
}

// asksForConsent tells a consent banner from a promotion, a newsletter, a gate of age, a chat or a login. One that does
// not speak of cookies must be named for them and offer to reject.
func (b *Banner) asksForConsent(text class, named bool) bool {
	plain := b.says(Accept, agree|all|cookie) || b.says(Reject, refuse|not|necessary) // a bare Yes or No may be about anything
	explains := text.has(agree | refuse | optional | necessary | more | settings | change | noun | proceed)
	switch {
	case !text.has(cookie) && !(named && b.has(Accept) && b.has(Reject)), !explains && !b.has(Accept) && !b.has(Settings):
		return false
	case text.has(age):
		return b.says(Accept, agree|all|cookie) && b.says(Reject, refuse|not|necessary) || plain && b.has(Settings)
	case plain, b.has(Accept), b.has(Save) && (b.has(Settings) || len(b.Switches) > 0):
		return true
	}
	return b.has(Inform) || b.has(Close)
}

// says reports whether a button of a kind uses words of some class.
func (b *Banner) says(kind Button, any class) bool {
	return slices.ContainsFunc(b.Pressed[kind], func(e Element) bool { return classOf(wordsOf(e.Text)).has(any) })
}

func (b *Banner) has(kind Button) bool { return len(b.Pressed[kind]) > 0 }

// Choice reports whether the banner asks; a notice that only informs does not.
func (b *Banner) Choice() bool {
	return b.has(Accept) || b.has(Reject) || b.has(Settings) || b.has(Save)
}

// To finds the button that gives an answer at once; nil when there is none. OK accepts where there is something else to
// choose. Of several buttons the one that speaks of everything counts.
func (b *Banner) To(answer Button) *Element {
	list := b.Pressed[answer]
	if answer == Accept && len(list) == 0 && b.Choice() {
		list = b.Pressed[Inform]
	}
	for i, e := range list {
		if classOf(wordsOf(e.Text)).has(all) {
			return &list[i]
		}
	}
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// Clicks counts the clicks that an answer takes, as far as it can be told without a click; 0 when it cannot.
func (b *Banner) Clicks(answer Button) int {
	switch {
	case b.To(answer) != nil:
		return 1
	case b.has(Save) && len(b.Switches) > 0 && answer == Reject:
		return PreTicked(b.Switches) + 1
	case b.Manager == nil || !b.has(Settings):
		return 0
	}
	ways := map[Button][][]string{Accept: b.Manager.Accept, Reject: b.Manager.Reject}[answer]
	for _, way := range ways {
		if len(way) > 1 {
			return len(way)
		}
	}
	return 0
}

// First is the first button of a kind, nil when there is none.
func (b *Banner) First(kind Button) *Element {
	if !b.has(kind) {
		return nil
	}
	return &b.Pressed[kind][0]
}

// PreTicked counts the switches of optional purposes that are on.
func PreTicked(switches []Switch) int {
	n := 0
	for _, s := range switches {
		if s.On && s.Optional() {
			n++
		}
	}
	return n
}

// classOf is what the words of a text mean in the language that knows most of them.
func classOf(words []string) class {
	var best reading
	for _, l := range lexicon() {
		if r := l.read(words); r.known > best.known {
			best = r
		}
	}
	return best.class
}

// clip cuts a text at a length in bytes, at the end of a letter.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
