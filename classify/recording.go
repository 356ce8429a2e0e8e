package classify

import (
	"slices"

	"trackscan/crawler"
)

// recordings are the techniques that follow what visitors do on a page.
var recordings = []technique{
	{RuleRecording, "known-session-recording", "records how visitors move, click, scroll and type", nil},
	{RuleRecording, looksLikeRecording, "follows the mouse, scrolling, keys and every change of the page, and sends that away", records},
	{RuleKeyLogging, "key-logging", "sends something away with every key that is pressed", logsKeys},
	{RuleKeyLogging, "form-exfiltration", "is sent what visitors type into a form before they submit it", nil},
}

// looksLikeRecording is the technique of recorders that nobody knows.
const looksLikeRecording = "session-recording"

// What makes a recorder is our own choice: it needs all four sources to play a visit back, and it tells more than that
// somebody is there, each time that the page is seen. Counters of attention follow mouse, scrolling and keys too, but not what changes in the page.
const (
	recordedSends = 2    // bodies that it sends
	recordedBytes = 1024 // ... or in fewer, bytes
)

// records recognises recorders of visits by what they listen to and that they send.
func records(p *crawler.Page, s *crawler.Script) bool {
	listens := func(events ...string) bool {
		return slices.ContainsFunc(events, func(e string) bool { return s.Used("listen.page."+e) > 0 })
	}
	all := listens("mousemove", "pointermove", "touchmove") && listens("scroll", "wheel") &&
		listens("keydown", "keyup", "keypress", "input", "change") && s.Used("MutationObserver.observe") > 0
	if !all {
		return false
	}
	sends, bytes := awayBy(p, s.URL)
	times := seenTimes(p)
	return sends >= recordedSends*times || bytes >= int64(recordedBytes*times)
}

// awayBy counts what a script sent away: bodies and messages, and their bytes.
func awayBy(p *crawler.Page, url string) (sends int, bytes int64) {
	for i := range p.Requests {
		r := &p.Requests[i]
		if r.Sent > 0 && lastOf(r.Initiators) == url {
			sends += max(1, r.Messages)
			bytes += r.Sent
		}
	}
	return sends, bytes
}

// loggedFields is how many fields a script must listen to that tells another site of their keys: one that looks up what
// is typed into it listens to itself alone. Our own choice: a login has two.
const loggedFields = 2

// logsKeys recognises a script that listens to every key of the page, or of several fields, and asks the network while it
// handles one.
func logsKeys(p *crawler.Page, s *crawler.Script) bool {
	return slices.ContainsFunc([]string{"keydown", "keyup", "keypress"}, func(e string) bool {
		fields := s.Used("listen.field."+e) >= loggedFields*seenTimes(p) && asksOthers(p, s.URL)
		return s.Used("send."+e) > 0 && (s.Used("listen.page."+e) > 0 || fields)
	})
}

// asksOthers reports whether a script asks hosts of other sites for anything but further code.
func asksOthers(p *crawler.Page, url string) bool {
	return slices.ContainsFunc(p.Requests, func(r crawler.Request) bool {
		return r.Party == crawler.Third && r.Type != "script" && lastOf(r.Initiators) == url
	})
}

// isSent notes that a host of another company was sent what was typed into a form. A site may look at what is typed into
// its own forms, to say what is wrong with it.
func (f *found) isSent(r *crawler.Request) {
	if len(r.Typed) == 0 || f.Party != string(crawler.Third) {
		return
	}
	f.follow([]string{"form-exfiltration"})
	for _, what := range r.Typed {
		f.typed = keep(f.typed, what)
	}
}
