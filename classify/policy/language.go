package policy

// languageWords is how many words are looked at to tell the language.
const languageWords = 700

// leastStops is how many small words make a language.
const leastStops = 2

// languageOf tells the language of a document by its small words; empty when there are too few to tell.
func languageOf(blocks []block, all map[string]*lexicon) string {
	counts := map[string]int{}
	total := 0
	for i := range blocks {
		b := &blocks[i]
		if b.table != nil {
			for _, row := range b.table.rows[:min(len(b.table.rows), 30)] {
				for _, c := range row {
					if total < languageWords {
						total += countStops(c.s, all, counts)
					}
				}
			}
			continue
		}
		if total += countStops(b.text.s, all, counts); total > languageWords {
			break
		}
	}
	best, most := "", 0
	for _, lang := range languages(all) {
		if counts[lang] > most {
			best, most = lang, counts[lang]
		}
	}
	if most < leastStops {
		return ""
	}
	return best
}

func countStops(s string, all map[string]*lexicon, counts map[string]int) int {
	if len(s) > maxPhraseBytes {
		s = s[:maxPhraseBytes]
	}
	ws := words(s)
	for _, w := range ws {
		if len(w.word) > 6 {
			continue
		}
		for lang, l := range all {
			if l.stop[w.word] {
				counts[lang]++
			}
		}
	}
	return len(ws)
}
