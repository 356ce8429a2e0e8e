package policy

import (
	"strings"
	"sync"
)

// Headers of tables are often left in another language than the page: in that of whoever made the page, or of the tool that listed
// the cookies. They are few and short, so the headers of all languages are known to every document.

// anyHeads are the headers of all languages, folded, with what they head; and the words that may open one over names.
type anyHeads struct {
	roles map[string]role
	opens map[string]role // by the first word: nameRole when it may open one over names
}

// allHeads are made once. Of a header that languages use for different things, what heads the earlier of roleWords counts.
var allHeads = sync.OnceValue(func() anyHeads {
	out := anyHeads{map[string]role{}, map[string]role{}}
	all, _ := lexicons() // whoever reads has seen the error
	for _, r := range roleWords {
		for _, lang := range languages(all) {
			for _, words := range all[lang].headers[r.concept] {
				key := strings.Join(words, " ")
				if _, known := out.roles[key]; known || len(key) < shortestHead {
					continue
				}
				out.roles[key] = r.role
				out.opens[words[0]] = r.role // names come last
			}
		}
	}
	return out
})

// shortestHead is the fewest bytes of a header that is believed in any language: "uso", but not "s".
const shortestHead = 3

// longestHead is how many words such a header has at most.
const longestHead = 5

// roleAnywhere is the role of a short text that is a header in some language, and nothing else.
func roleAnywhere(t text) role {
	if len(t.s) > 40 || len(t.s) < shortestHead || opensAnywhere(t.s) == noRole || !fewWords(t.s, longestHead) {
		return noRole
	}
	r, to := headAnywhere(words(t.s), 0)
	if !fewWords(t.s, to) {
		return noRole
	}
	return r
}

// opensAnywhere is what the first word of a text may open the header over, in some language; noRole when nothing.
func opensAnywhere(s string) role {
	from, to := nextWord(s, 0)
	if to-from > maxAffix {
		return noRole
	}
	var room [2 * maxAffix]byte
	return allHeads().opens[string(appendFolded(room[:0], s[from:to]))]
}

// headAnywhere is the role of the longest header of any language that begins at word i, and the word behind it.
func headAnywhere(words []word, i int) (role, int) {
	best, to := noRole, i
	key := ""
	for j := i; j < min(i+longestHead, len(words)); j++ {
		if j > i {
			key += " "
		}
		key += words[j].word
		if r, ok := allHeads().roles[key]; ok {
			best, to = r, j+1
		}
	}
	return best, to
}

// headRole is the role of a header: in the languages of the document, else in any.
func (d *document) headRole(t text) role {
	if r := roleOf(d.phrase(t)); r != noRole || t.s == "" {
		return r
	}
	return roleAnywhere(t)
}
