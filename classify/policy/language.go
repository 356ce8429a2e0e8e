package policy

import (
	"slices"
	"sync"
)

// languageWords is how many words are looked at to tell the language.
const languageWords = 700

// leastStops is how many small words make a language.
const leastStops = 2

// plainStops is how many small words outside tables suffice to tell the language: what consent managers write in their
// tables is often English in the policies of all languages.
const plainStops = 6

// languageOf tells the language of a document by its small words; empty when there are too few to tell.
func languageOf(blocks []block, all map[string]*lexicon) string {
	counts := map[string]int{}
	total := 0
	for i := range blocks {
		if blocks[i].table == nil && total < languageWords {
			total += countStops(blocks[i].text.s, counts)
		}
	}
	if best, n := mostStops(counts); n >= plainStops {
		return best
	}
	for i := range blocks {
		if blocks[i].table == nil {
			continue
		}
		for _, row := range blocks[i].table.rows[:min(len(blocks[i].table.rows), 30)] {
			for _, c := range row {
				if total < languageWords {
					total += countStops(c.s, counts)
				}
			}
		}
	}
	best, n := mostStops(counts)
	if n < leastStops {
		return ""
	}
	return best
}

func mostStops(counts map[string]int) (string, int) {
	best, most := "", 0
	for lang, n := range counts {
		if n > most || n == most && n > 0 && lang < best {
			best, most = lang, n
		}
	}
	return best, most
}

// stopLanguages tells in which languages a small word is one.
var stopLanguages = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	all, _ := lexicons() // whoever reads has seen the error
	for _, lang := range languages(all) {
		for w := range all[lang].stop {
			out[w] = append(out[w], lang)
		}
	}
	return out
})

// longestStop is the length in letters up to which a word is a small one.
const longestStop = 6

func countStops(s string, counts map[string]int) int {
	if len(s) > maxPhraseBytes {
		s = s[:maxPhraseBytes]
	}
	stops, count := stopLanguages(), 0
	folded := make([]byte, 0, 2*longestStop)
	for from, to := nextWord(s, 0); from < to; from, to = nextWord(s, to) {
		count++
		if to-from > 2*longestStop {
			continue
		}
		folded = appendFolded(folded[:0], s[from:to])
		for _, lang := range stops[string(folded)] {
			counts[lang]++
		}
	}
	return count
}

const (
	secondBytes  = 160 // of a cell that are looked at for a second language
	secondCells  = 60  // cells that are looked at
	secondVoices = 2   // cells that must be written in it
)

// secondLanguage finds a language other than the main one in which cells of tables are written; nil when there is none.
// English is the one that consent managers leave there, or the main one is mistaken for it.
func secondLanguage(blocks []block, main *lexicon, all map[string]*lexicon) *lexicon {
	votes := map[string]int{}
	looked := 0
	vote := func(s string) {
		if looked >= secondCells || len(s) < 20 {
			return
		}
		looked++
		counts := map[string]int{}
		countStops(s[:min(len(s), secondBytes)], counts)
		if best, n := mostStops(counts); n > leastStops && n > 2*counts[main.lang] {
			votes[best]++
		}
	}
	for i := range blocks {
		if blocks[i].table == nil {
			continue
		}
		for _, row := range blocks[i].table.rows {
			for _, c := range row {
				vote(c.s)
			}
		}
	}
	best, n := mostStops(votes)
	if n < secondVoices {
		return nil
	}
	return all[best]
}

// foreign reports whether a phrase, read with the main lexicon, is rather written in the other language: by its small
// words, and when it has none by being understood there alone.
func foreign(p *reading, main, other *lexicon) bool {
	own, theirs := 0, 0
	for _, w := range p.words[:min(len(p.words), 60)] {
		if main.stop[w.word] {
			own++
		}
		if other.stop[w.word] {
			theirs++
		}
	}
	return theirs > own || theirs == own && len(p.hits) == 0
}

// foreignHeads and ownHeads are how many headers of a table must be understood in another language, and how few in the
// main one at most, for the table to be headed in the other.
const (
	foreignHeads = 3
	ownHeads     = 1
)

// headLanguage finds the language in which the first table is headed, when it is not the main one: rows that are explained
// in English below headers of the site's own language. It is nil when there is none.
func (d *document) headLanguage(all map[string]*lexicon) *lexicon {
	i := slices.IndexFunc(d.blocks, func(b block) bool { return b.table != nil && len(b.table.rows) > 1 })
	if i < 0 {
		return nil
	}
	heads := d.blocks[i].table.rows[0]
	if len(heads) > maxColumns || countHeads(d.match.lex, heads) > ownHeads {
		return nil
	}
	for _, lang := range languages(all) {
		if lang != d.match.lex.lang && countHeads(all[lang], heads) >= foreignHeads {
			return all[lang]
		}
	}
	return nil
}

// countHeads counts the cells that a lexicon understands as headers. Its matcher is not kept: what it remembers was read
// before anything was known of a second language.
func countHeads(lex *lexicon, heads []cell) int {
	m, n := smallMatcher(lex), 0
	for _, c := range heads {
		if len(c.s) <= headerBytes && roleOf(m.phrase(c.text)) != noRole {
			n++
		}
	}
	return n
}
