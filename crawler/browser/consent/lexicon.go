package consent

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"unicode"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"
)

//go:embed words/*.yaml
var wordFiles embed.FS

// class is a set of the meanings that words of buttons have.
type class uint32

// The classes of words, named in the files as below.
const (
	agree     class = 1 << iota // accept, allow, consent
	refuse                      // reject, refuse, opt out
	not                         // turns agreeing, going on or cookies into refusing: not, without
	no                          // a bare "No": refuses unless more is said
	yes                         // a bare "Yes", "That's fine"
	all                         // all, every
	only                        // only, just
	necessary                   // necessary, essential, technical
	optional                    // non-essential, marketing, tracking
	chosen                      // selection, selected
	save                        // save, confirm
	settings                    // settings, preferences, purposes
	change                      // manage, customise: opens settings whatever else is said
	inform                      // OK, got it
	proceed                     // continue
	dismiss                     // close, later
	more                        // learn more, privacy policy
	foreign                     // what is no matter of cookies: newsletters, ages, payments, logins
	or                          // or
	noun                        // consent as a thing: agreement, permission
	filler                      // words that change nothing
	cookie                      // of the text of a banner: cookies, consent, privacy
	age                         // of the text of other dialogs: ages, newsletters, vouchers, log-ins
)

var classNames = map[string]class{
	"agree": agree, "refuse": refuse, "not": not, "no": no, "yes": yes, "all": all, "only": only, "necessary": necessary,
	"optional": optional, "chosen": chosen, "save": save, "settings": settings, "change": change, "inform": inform,
	"proceed": proceed, "dismiss": dismiss, "more": more, "foreign": foreign, "or": or, "noun": noun, "filler": filler,
	"cookie": cookie, "age": age,
}

func (c class) has(any class) bool { return c&any != 0 }

// language is the words of one language.
type language struct {
	id       string
	exact    map[string][]phrase // by first word
	stems    map[rune][]phrase   // that begin with a stem, by its first rune
	anywhere []phrase            // that begin with something inside a word
	topics   []phrase            // of cookie and age, which stand beside the other meanings of a word
	examples map[Button][]string
}

// phrase is one or more words in a row with a meaning. A star stands for any letters before or after.
type phrase struct {
	words []pattern
	class class
}

type pattern struct {
	text          string
	before, after bool // a star
}

func (p pattern) fits(word string) bool {
	switch {
	case p.before && p.after:
		return strings.Contains(word, p.text)
	case p.before:
		return strings.HasSuffix(word, p.text)
	case p.after:
		return strings.HasPrefix(word, p.text)
	}
	return word == p.text
}

// wordFile is a file in words.
type wordFile struct {
	Language string              `yaml:"language"`
	Words    map[string][]string `yaml:"words"`
	Examples map[Button][]string `yaml:"examples"`
}

// lexicon reads the embedded files, once. They are checked by tests, so a fault in them is a bug.
var lexicon = sync.OnceValue(func() []*language {
	all, err := readLexicon(wordFiles)
	if err != nil {
		panic(err)
	}
	return all
})

func readLexicon(files fs.FS) ([]*language, error) {
	names, err := fs.Glob(files, "words/*.yaml")
	if err != nil {
		return nil, err
	}
	var languages []*language
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		l, err := readLanguage(text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		languages = append(languages, l)
	}
	return languages, nil
}

func readLanguage(text []byte) (*language, error) {
	var file wordFile
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, err
	}
	l := &language{id: file.Language, exact: map[string][]phrase{}, stems: map[rune][]phrase{}, examples: file.Examples}
	for name, entries := range file.Words {
		c, ok := classNames[name]
		if !ok {
			return nil, fmt.Errorf("%q is no class of words", name)
		}
		for _, entry := range entries {
			if err := l.add(entry, c); err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

func (l *language) add(entry string, c class) error {
	p := phrase{class: c}
	for part := range strings.FieldsSeq(entry) {
		before, after := strings.HasPrefix(part, "*"), strings.HasSuffix(part, "*")
		words := wordsOf(part)
		if len(words) == 0 {
			return fmt.Errorf("%q has no letters", entry)
		}
		for i, w := range words {
			p.words = append(p.words, pattern{w, before && i == 0, after && i == len(words)-1})
		}
	}
	switch first := p.words[0]; {
	case c.has(cookie | age):
		l.topics = append(l.topics, p)
	case first.before:
		l.anywhere = append(l.anywhere, p)
	case first.after:
		r := []rune(first.text)[0]
		l.stems[r] = append(l.stems[r], p)
	default:
		l.exact[first.text] = append(l.exact[first.text], p)
	}
	return nil
}

// reading is what one language makes of a text.
type reading struct {
	class class
	known int // words that it knows
}

// read finds the phrases of a text, at each word the longest, and among equals the one that is written out.
func (l *language) read(words []string) reading {
	var r reading
	for i := 0; i < len(words); {
		n, c := l.longest(words[i:])
		topic := l.topic(words[i:])
		if r.class |= c | topic; topic != 0 {
			n = max(n, 1)
		}
		r.known += n
		i += max(n, 1)
	}
	return r
}

// topic tells whether a text begins with words of cookies or of something else that is asked in dialogs.
func (l *language) topic(words []string) (c class) {
	for _, p := range l.topics {
		if p.fits(words) {
			c |= p.class
		}
	}
	return c
}

// longest is the phrase that text begins with: its length in words and what it means, all its meanings where files name
// several.
func (l *language) longest(words []string) (length int, c class) {
	first := []rune(words[0])[0]
	best := 0
	for _, list := range [][]phrase{l.exact[words[0]], l.stems[first], l.anywhere} {
		for _, p := range list {
			switch w := p.weight(); {
			case w < best || !p.fits(words):
			case w == best:
				c |= p.class
			default:
				best, length, c = w, len(p.words), p.class
			}
		}
	}
	return length, c
}

// weight orders phrases: more words first, then those that are written out, then more letters.
func (p phrase) weight() int {
	letters, whole := 0, 1
	for _, w := range p.words {
		letters += len(w.text)
		if w.before || w.after {
			whole = 0
		}
	}
	return len(p.words)<<17 + whole<<16 + min(letters, 1<<16-1)
}

func (p phrase) fits(words []string) bool {
	if len(p.words) > len(words) {
		return false
	}
	for i, w := range p.words {
		if !w.fits(words[i]) {
			return false
		}
	}
	return true
}

// letters that decomposition leaves as they are.
var plainLetters = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "đ", "d", "æ", "ae", "œ", "oe", "ı", "i", "ð", "d")

// wordsOf splits a text into words without case and accents. Scripts that write no spaces give a word for each sign.
func wordsOf(text string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range plainLetters.Replace(norm.NFKD.String(strings.ToLower(text))) {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			end()
			words = append(words, string(r))
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+':
			word.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return words
}
