package filterlist

import (
	"strings"

	"trackscan/classify"
)

// Kind is what a list is about. It is told by the list's name.
type Kind string

// The kinds of list. The zero value stands for a list that mixes advertising and tracking, or does not say.
const (
	KindMixed       Kind = ""
	KindAdvertising Kind = "advertising"
	KindPrivacy     Kind = "privacy"
	KindSocial      Kind = "social"
	KindOther       Kind = "other" // annoyances, cookie notices, malware, repairs of pages: no list of trackers
)

// kindWords tell a list's kind by words of its name; the first that is found decides.
var kindWords = []struct {
	word string
	kind Kind
}{
	{"social", KindSocial},
	{"cookie", KindOther},
	{"annoyance", KindOther},
	{"notification", KindOther},
	{"badware", KindOther},
	{"malware", KindOther},
	{"malicious", KindOther},
	{"phish", KindOther},
	{"scam", KindOther},
	{"unbreak", KindOther},
	{"quick fix", KindOther},
	{"ad and tracking", KindMixed},
	{"ads and tracking", KindMixed},
	{"ad & tracking", KindMixed},
	{"ads & trackers", KindMixed},
	{"ads and trackers", KindMixed},
	{"privacy", KindPrivacy},
	{"tracking", KindPrivacy},
	{"tracker", KindPrivacy},
	{"spyware", KindPrivacy},
	{"telemetry", KindPrivacy},
	{"analytics", KindPrivacy},
	{"easylist", KindAdvertising},
	{"advert", KindAdvertising},
	{"adservers", KindAdvertising},
	{"adguard base", KindAdvertising},
	{"ublock filters", KindAdvertising},
	{"liste fr", KindAdvertising},
}

func kindOfList(name string) Kind {
	name = strings.ToLower(name)
	for _, w := range kindWords {
		if strings.Contains(name, w.word) {
			return w.kind
		}
	}
	return KindMixed
}

// category returns what a request is for that a list of kind k names, and a sentence for people.
func (k Kind) category() (classify.Category, string) {
	switch k {
	case KindAdvertising:
		return classify.Advertising, "A filter list knows it as part of advertising."
	case KindPrivacy:
		return classify.Analytics, "A filter list knows it as measuring or following visitors."
	case KindSocial:
		return classify.Social, "A filter list knows it as part of a social network."
	}
	return classify.NoCategory, "A filter list knows it as advertising or tracking."
}
