package consent

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Item is a cookie or storage item with its value. It lives for the moment in which an answer is read back and is no
// evidence.
type Item struct {
	Kind  string // cookie, local or session
	Name  string
	Value string
}

// Where names the item for people: "cookie CookieConsent", "local storage klaro".
func (i Item) Where() string {
	if i.Kind == "cookie" {
		return "cookie " + i.Name
	}
	return i.Kind + " storage " + i.Name
}

// Stored is what a visitor's browser holds, sorted by kind and name.
type Stored []Item

// Sort puts the items into their order.
func (s Stored) Sort() {
	slices.SortFunc(s, func(a, b Item) int { return strings.Compare(a.Kind+a.Name+a.Value, b.Kind+b.Name+b.Value) })
}

// Changed are the items of s that before did not hold, or not with that value.
func (s Stored) Changed(before Stored) Stored {
	return slices.DeleteFunc(slices.Clone(s), func(i Item) bool { return slices.Contains(before, i) })
}

// recordName is how the records of home-made banners are called.
var recordName = regexp.MustCompile(`(?i)cookie|consent|gdpr|rgpd|dsgvo|lgpd|privacy|banner|notice|opt.?(in|out)|choice|accept|agree|allow|` +
	`prefer|dismiss|disclaimer|policy|^cc[_-]|^cb[_-]|zustimm|einwillig|datenschutz|hinweis|auswahl|wahl$|choix|accord|eleccion|scelta|keuze|toestemming|escolha|samtykke|wybor|^tracking|analytics.?(on|off|ok|allowed)`)

// choiceValue is how their values look when the name says nothing.
var choiceValue = regexp.MustCompile(`(?i)^["']?(accept|reject|declin|den(y|ied)|refus|allow|disallow|grant|agree|necessary|essential|minimal|none|all|opt-?(in|out)|dismiss)[a-z_ -]*["']?$`)

var (
	yesValue = regexp.MustCompile(`(?i)^["']?(accept(ed|_?all)?|allow(ed|_?all)?|all|granted|yes|true|1|agreed?|opt-?in)["']?$`)
	noValue  = regexp.MustCompile(`(?i)^["']?(reject(ed|_?all)?|declined?|den(y|ied)|refused?|none|no|false|0|necessary|essential|minimal|opt-?out|disallow(ed)?)["']?$`)
)

// Generic finds, among the items that changed with an answer, the record of a banner that no manager explains: named
// or worded like one, and not saying the opposite. nil when there is none.
func (s Stored) Generic(answer Button) *Item {
	opposite := map[Button]*regexp.Regexp{Accept: noValue, Reject: yesValue}[answer]
	var best *Item
	for i, it := range s {
		named := recordName.MatchString(it.Name)
		if !named && !choiceValue.MatchString(it.Value) {
			continue
		}
		if opposite.MatchString(it.Value) && !bare(it.Value) || contradicts(it.choices(), answer) {
			continue
		}
		if best == nil || named && !recordName.MatchString(best.Name) {
			best = &s[i]
		}
	}
	return best
}

// contradicts reports whether what was read is one answer and another was given.
func contradicts(read, answer Button) bool { return read != Other && read != answer }

// Spoken finds, among the items that changed with an answer, one that tells for each purpose what was chosen, and tells
// that answer; nil when there is none. Such an item leaves no doubt, whether the banner went away or not.
func (s Stored) Spoken(answer Button) *Item {
	for i := range s {
		if s[i].choices() == answer {
			return &s[i]
		}
	}
	return nil
}

var (
	purposeName = regexp.MustCompile(`(?i)analy|statist|perform|market|advert|target|tracking|social|prefer|function|personal|measure|media`)
	alwaysName  = regexp.MustCompile(`(?i)necess|essential|requir|techni|strict|notwend|oblig`)
)

// choices reads a value that tells for each purpose whether it was agreed to, as JSON or JSON in base64:
// {"necessary":true,"analytics":false}. Other is what tells no purpose, and what agrees to some only.
func (i Item) choices() Button {
	value := i.Value
	if plain, err := url.QueryUnescape(value); err == nil {
		value = plain
	}
	if plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(value, "=")); err == nil {
		value = string(plain)
	}
	var parsed map[string]any
	if !strings.HasPrefix(value, "{") || json.Unmarshal([]byte(value), &parsed) != nil {
		return Other
	}
	on, off := tally(parsed, 0)
	switch {
	case on > 0 && off == 0:
		return Accept
	case off > 0 && on == 0:
		return Reject
	}
	return Other
}

// maxChoiceDepth is how deep the purposes of a record may lie.
const maxChoiceDepth = 4

// tally counts the optional purposes that are agreed to and refused.
func tally(record map[string]any, depth int) (on, off int) {
	for name, v := range record {
		switch v := v.(type) {
		case map[string]any:
			if depth < maxChoiceDepth {
				in, out := tally(v, depth+1)
				on, off = on+in, off+out
			}
		case bool, string:
			text := fmt.Sprint(v)
			switch {
			case alwaysName.MatchString(name) || !purposeName.MatchString(name):
			case yesValue.MatchString(text):
				on++
			case noValue.MatchString(text):
				off++
			}
		}
	}
	return on, off
}

// bare are values that may as well say that the banner was answered as what the answer was.
func bare(value string) bool {
	return slices.Contains([]string{"1", "true", "yes", "0", "false", "no"}, strings.ToLower(strings.Trim(value, `"'`)))
}
