package classify

import (
	"cmp"
	"slices"
	"strings"

	"trackscan/crawler"
)

// Deed is something that a tracker was told in one scenario that the visitor did.
type Deed struct {
	Scenario string   `json:"scenario"`
	Name     string   `json:"name"`               // of the event, as it was sent; empty when it was not kept
	Says     string   `json:"says"`               // "something was bought, with amount and products"
	Identity []string `json:"identity,omitempty"` // what tells who the visitor is, hashed unless it says so, sorted
}

// scenarioEvent is an event of one scenario, by its number.
type scenarioEvent struct {
	scenario int
	crawler.PixelEvent
}

func (e scenarioEvent) compare(other scenarioEvent) int {
	return cmp.Or(cmp.Compare(e.scenario, other.scenario), cmp.Compare(e.Name, other.Name))
}

// maxDeeds bounds what is listed of one tracker, and maxTells what is told with one event.
const (
	maxDeeds = 40
	maxTells = 20
)

// keepEvent adds to a sorted list, joins what is told of one event, and keeps the first maxDeeds, whatever the order they
// come in.
func keepEvent(list []scenarioEvent, e scenarioEvent) []scenarioEvent {
	i, seen := slices.BinarySearchFunc(list, e, scenarioEvent.compare)
	switch {
	case seen:
		all := slices.Sorted(slices.Values(slices.Concat(list[i].Tells, e.Tells)))
		all = slices.Compact(all)
		list[i].Tells = all[:min(len(all), maxTells)]
		return list
	case i == maxDeeds:
		return list
	}
	list = slices.Insert(list, i, e)
	return list[:min(len(list), maxDeeds)]
}

// deeds puts events into words.
func deeds(events []scenarioEvent) []Deed {
	var out []Deed
	for _, e := range events {
		identity, rest := whoAndWhat(e.Tells)
		d := Deed{Scenario: string(crawler.Scenarios[e.scenario]), Name: e.Name, Says: eventWords(e.Name, identity), Identity: identity}
		if len(rest) > 0 {
			d.Says += ", with " + enumerate(rest, "and")
		}
		out = append(out, d)
	}
	return out
}

// whoAndWhat parts what says who the visitor is from what says more of the deed.
func whoAndWhat(tells []string) (who, what []string) {
	for _, t := range tells {
		if identities[strings.TrimSuffix(t, inPlainText)] {
			who = append(who, t)
		} else {
			what = append(what, t)
		}
	}
	return who, what
}

const inPlainText = " in plain text"

var identities = map[string]bool{"e-mail": true, "phone": true, "name": true, "address": true, "customer number": true}

// Words says it for people: "Purchase: something was bought, with the visitor's hashed e-mail".
func (d Deed) Words() string {
	words := d.Says
	if d.Name != "" {
		words = d.Name + ": " + words
	}
	if len(d.Identity) == 0 {
		return words
	}
	var who []string
	for _, what := range d.Identity {
		if what != "customer number" && !strings.HasSuffix(what, inPlainText) {
			what = "hashed " + what
		}
		who = append(who, what)
	}
	return words + "; with the visitor's " + enumerate(who, "and")
}

// eventWords says what an event means, by the names that companies and shops give to what happens everywhere.
func eventWords(name string, identity []string) string {
	key := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	switch words, known := eventNames[key]; {
	case known:
		return words
	case name != "":
		return "something that the site has a name of its own for"
	case len(identity) > 0:
		return "who the visitor is"
	}
	return "something whose name is not kept"
}

var eventNames = eachName(map[string]string{
	"pageview pagevisit pageload": "a page was opened",
	"visit":                       "the visitor was here",
	"conversion":                  "something was done that ads are measured by",
	"viewcontent viewitem viewproduct productview": "a product was looked at",
	"viewcategory viewitemlist listview":           "a list of products was looked at",
	"selectitem":                                   "a product was chosen from a list",
	"search viewsearchresults":                     "something was searched for",
	"addtocart addcart":                            "something was put into the basket",
	"removefromcart":                               "something was taken out of the basket",
	"viewcart":                                     "the basket was looked at",
	"addtowishlist":                                "something was put on the wish list",
	"initiatecheckout begincheckout startcheckout": "a checkout was begun",
	"checkout":                                     "a checkout",
	"addpaymentinfo addbilling":                    "how to pay was told",
	"addshippinginfo":                              "where to send it was told",
	"purchase completepayment placeanorder":        "something was bought",
	"refund":                                       "a purchase was paid back",
	"lead generatelead":                            "interest was shown",
	"submitform formsubmit submitapplication":      "a form was sent",
	"formstart":                                    "a form was begun",
	"contact":                                      "the site was contacted",
	"subscribe":                                    "something was subscribed to",
	"starttrial":                                   "a trial was begun",
	"completeregistration signup":                  "an account was opened",
	"login":                                        "the visitor signed in",
	"click clickbutton subscribedbuttonclick outboundclick": "something was clicked",
	"scroll":                "the page was scrolled",
	"userengagement":        "how long the page was in front of the visitor",
	"sessionstart":          "a visit was begun",
	"firstvisit":            "the visitor came for the first time",
	"filedownload":          "a file was downloaded",
	"videostart watchvideo": "a video was begun",
	"gtagconfig":            "the tag was started",
	"consent":               "what the visitor chose",
})

// eachName gives every name of a list its words.
func eachName(lists map[string]string) map[string]string {
	out := map[string]string{}
	for names, words := range lists {
		for name := range wordSet(names) {
			out[name] = words
		}
	}
	return out
}
