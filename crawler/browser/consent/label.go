package consent

import "strings"

// maxWords is the length of a text from which on it is a sentence and no button; the longest button seen in the wild
// has 14 words.
const maxWords = 16

// Label tells what a button with this text is for, in any of the languages of the lexicon: in the one that knows most
// of its words. Refusing is asked for before agreeing: "Continue without accepting" refuses.
func Label(text string) Button {
	words := wordsOf(text)
	if len(words) == 0 {
		return symbol(text)
	}
	if len(words) > maxWords && !spaceless(words) {
		return Other
	}
	best := reading{}
	label := Other
	for _, l := range lexicon() {
		r := l.read(words)
		tie := r.known == best.known && label == Other && !best.class.has(foreign)
		if b := r.class.button(); r.known > best.known || tie && b != Other {
			best, label = r, b
		}
	}
	if len(words) > 3 && best.known*2 < len(words) {
		return Other
	}
	return label
}

// spaceless reports whether a text has a word for each of its signs.
func spaceless(words []string) bool {
	return len(strings.Join(words, "")) <= 4*len(words) && len(words) <= 4*maxWords
}

// symbol reads a button without letters.
func symbol(text string) Button {
	switch strings.TrimSpace(text) {
	case "×", "✕", "✖", "✗", "╳", "⨯", "❌", "🗙", "⊗", "ⓧ":
		return Close
	case "✓", "✔", "👍", "✅":
		return Inform
	}
	return Other
}

// button tells what words of these classes mean together.
func (c class) button() Button {
	switch {
	case c.has(foreign):
		return Other
	case c.refuses():
		return Reject
	case c.has(refuse), c.has(change):
		return Settings // both at once: "Accept or reject"
	case c.has(agree), c.has(yes):
		return c.agreement()
	case c.has(save):
		return c.saved()
	case c.has(settings):
		return Settings
	case c.has(chosen) && c.has(only|inform|proceed):
		return Save
	case c.has(all) && c.has(cookie|inform|optional) && !c.has(more):
		return Accept
	}
	return c.aside()
}

// refuses tells whether nothing but the necessary is agreed to.
func (c class) refuses() bool {
	switch {
	case c.has(necessary) && !c.has(optional) && c.has(only|agree|yes|save|proceed|inform|refuse|no|not):
		return !c.has(change)
	case c.has(change):
		return false
	case c.has(refuse):
		return !c.has(or) || !c.has(agree|yes|settings)
	case c.has(not) && c.has(agree|proceed|noun|cookie|optional):
		return true
	}
	return c.has(no) && !c.has(settings|save|chosen)
}

// agreement tells what kind of agreeing is meant.
func (c class) agreement() Button {
	switch {
	case c.has(all):
		return Accept
	case c.has(chosen|save|settings) && !c.has(yes):
		return Save
	case c.has(necessary):
		return Save // and some optional ones
	}
	return Accept
}

func (c class) saved() Button {
	if c.has(all) && !c.has(chosen|settings) {
		return Accept
	}
	return Save
}

// aside are the buttons that answer nothing.
func (c class) aside() Button {
	switch {
	case c.has(more):
		return Policy
	case c.has(inform):
		return Inform
	case c.has(dismiss):
		return Close
	case c.has(proceed):
		return Inform
	}
	return Other
}
