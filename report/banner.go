package report

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"slices"
	"strings"

	"trackscan/crawler"
)

// Banner is how the site asked for consent and what came of each answer: plain facts, no grade.
type Banner struct {
	Facts    []string // one sentence each
	Text     string   // the banner's words; empty when there was none
	Answers  []ScenarioFact
	Pictures []Picture
}

// ScenarioFact is what came of one scenario.
type ScenarioFact struct {
	Name   string // in words
	Result string // "answered" or "does not apply"
	Why    string // empty when answered
}

// Picture is a screenshot as the browser made it.
type Picture struct {
	Title string   // "Banner"
	On    string   // the page, "www.shop.test/"
	Same  []string // further moments that look exactly alike
	MIME  string
	Bytes []byte
}

// Caption is the title, and of what else it is the picture.
func (p Picture) Caption() string {
	text := p.Title + ", on " + p.On
	if len(p.Same) > 0 {
		text += "; exactly the same: " + someOf(mapped(p.Same, lowerFirst), 3)
	}
	return text
}

// pictureKinds are the formats in which pictures are shown; others are left out.
var pictureKinds = []string{"image/jpeg", "image/png", "image/webp"}

// The most pictures that a report shows, and the largest of them in bytes.
const (
	pictures     = 8
	pictureBytes = 400_000
)

// newBanner gathers what the pages of a scan tell of its banner.
func newBanner(s *crawler.Scan) Banner {
	b := Banner{}
	for _, a := range s.Scenarios {
		if a.Result != crawler.NotConfirmed { // which the warnings tell
			b.Answers = append(b.Answers, scenarioFact(a))
		}
	}
	if state := asked(s); state != nil {
		b.Facts, b.Text = bannerFacts(state), sentence(state.Text)
	} else if len(s.Pages) > 0 {
		b.Facts = []string{"No consent banner was seen" + lookedFrom(s.Agent) + "."}
	}
	for i := range s.Pages {
		b.addPictures(&s.Pages[i])
	}
	return b
}

var outcomeWords = map[crawler.Outcome]string{crawler.Answered: "answered", crawler.NotApplicable: "does not apply"}

func scenarioFact(a crawler.Answer) ScenarioFact {
	return ScenarioFact{
		Name: scenarioWord(a.Scenario), Result: cmp.Or(outcomeWords[a.Result], show(string(a.Result))), Why: sentence(a.Why),
	}
}

// asked returns the banner that tells most: one whose ways out were counted before one that was only seen.
func asked(s *crawler.Scan) *crawler.ConsentState {
	var best *crawler.ConsentState
	for i := range s.Pages {
		c := s.Pages[i].Consent
		if c != nil && c.Banner && (best == nil || best.AcceptClicks+best.RejectClicks < c.AcceptClicks+c.RejectClicks) {
			best = c
		}
	}
	return best
}

// bannerFacts says what a banner is like.
func bannerFacts(c *crawler.ConsentState) []string {
	kind := "A consent banner"
	if c.Manager != "" {
		kind = "The consent banner of " + show(c.Manager)
	}
	if !c.Choice {
		return []string{kind + " was shown; it only informs and asks nothing."}
	}
	out := []string{kind + " was shown.", clicks("Accepting", c.AcceptClicks), clicks("Rejecting", c.RejectClicks)}
	if c.PreTicked > 0 {
		out = append(out, number(c.PreTicked, "switch of an optional purpose was", "switches of optional purposes were")+" on before any choice.")
	}
	return out
}

func clicks(what string, n int) string {
	if n == 0 {
		return what + " everything: no way was found."
	}
	return what + " everything takes " + number(n, "click", "clicks") + "."
}

// lookedFrom says as whom the site was visited, for a site may ask only some of its visitors.
func lookedFrom(a crawler.Agent) string {
	var from []string
	if a.Language != "" {
		from = append(from, "in the language "+show(a.Language))
	}
	if a.Timezone != "" {
		from = append(from, "in the time zone "+show(a.Timezone))
	}
	if len(from) == 0 {
		return ""
	}
	return " by a visitor " + strings.Join(from, " and ")
}

// addPictures keeps the pictures of a page, each moment of a scenario once, and what looks alike once.
func (b *Banner) addPictures(p *crawler.Page) {
	for _, shot := range p.Screenshots {
		picture := Picture{Title: pictureTitle(shot.Moment, p.Scenario), On: shortURL(p.URL), MIME: shot.MIME, Bytes: shot.Bytes}
		if b.knows(picture) {
			continue
		}
		if len(b.Pictures) < pictures && len(shot.Bytes) <= pictureBytes && slices.Contains(pictureKinds, shot.MIME) {
			b.Pictures = append(b.Pictures, picture)
		}
	}
}

// knows reports whether there is a picture of that moment; one that looks exactly alike stands for it.
func (b *Banner) knows(p Picture) bool {
	same := -1
	for i, o := range b.Pictures {
		if o.On == p.On && o.Title == p.Title || slices.Contains(o.Same, p.words(o.On)) {
			return true
		}
		if bytes.Equal(o.Bytes, p.Bytes) {
			same = i
		}
	}
	if same >= 0 {
		b.Pictures[same].Same = append(b.Pictures[same].Same, p.words(b.Pictures[same].On))
	}
	return same >= 0
}

// bytes is how much of a page the pictures are.
func (b Banner) bytes() (n int) {
	for _, p := range b.Pictures {
		n += base64.StdEncoding.EncodedLen(len(p.Bytes))
	}
	return n
}

// pictureTitle says when a picture was taken. That of a banner is taken before the banner is answered.
func pictureTitle(moment string, s crawler.Scenario) string {
	title, word := upperFirst(sentence(moment)), scenarioWord(s)
	switch {
	case s == crawler.NoChoice || strings.EqualFold(title, word):
		return title
	case moment == "banner" && (s == crawler.Accept || s == crawler.Reject):
		return title + " before the answer “" + string(s) + "”"
	}
	return title + ", " + word
}

// words are the title and, on another page than the reader knows of, where.
func (p Picture) words(known string) string {
	if p.On == known {
		return p.Title
	}
	return p.Title + " on " + p.On
}
