package fakeweb

import (
	"fmt"
	"strconv"
	"strings"
)

// Want is one line of a want file: what a scan of the web must show.
type Want struct {
	Line  int               // in the file, from 1
	Words []string          // at least one; the first is a rule, a kind, or whatever the file is about
	Attrs map[string]string // NAME=VALUE words; nil when there are none
}

// Attr returns the value of NAME=VALUE, empty when it is not there.
func (w Want) Attr(name string) string { return w.Attrs[name] }

// ParseWant reads the text of a want file. Empty lines and lines that begin with "#" say nothing. Every other line is
// words with spaces between them; a word with spaces stands in double quotes, as a Go string does. A word NAME=VALUE
// whose name has only lower-case letters and "_" is an attribute, and attributes stand after all other words:
//
//	undeclared _fbp
//	unseen-declaration "Google Ads"
//	cookie _fbp .shop.test set_by=https://connect.social.example/sdk.js via=script
//
// Testdata/sites/capture.txtar tells the words that evidence is written with.
func ParseWant(text string) ([]Want, error) {
	var wants []Want
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		w, err := parseWantLine(line)
		if err != nil {
			return nil, fmt.Errorf("parse want file: line %d: %w", n, err)
		}
		w.Line = n
		wants = append(wants, w)
	}
	return wants, nil
}

func parseWantLine(line string) (Want, error) {
	var w Want
	for line != "" {
		word, rest, err := nextWord(line)
		if err != nil {
			return Want{}, err
		}
		if err := w.add(word, line[0] == '"'); err != nil {
			return Want{}, err
		}
		line = strings.TrimLeft(rest, " \t")
	}
	if len(w.Words) == 0 {
		return Want{}, fmt.Errorf("no word before the attributes")
	}
	return w, nil
}

func nextWord(line string) (word, rest string, err error) {
	if line[0] != '"' {
		if end := strings.IndexAny(line, " \t"); end >= 0 {
			return line[:end], line[end:], nil
		}
		return line, "", nil
	}
	quoted, err := strconv.QuotedPrefix(line)
	if err != nil {
		return "", "", fmt.Errorf("%s: quote is not closed", line)
	}
	rest = line[len(quoted):]
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return "", "", fmt.Errorf("%s: no space after the quote", line)
	}
	word, err = strconv.Unquote(quoted)
	return word, rest, err
}

func (w *Want) add(word string, quoted bool) error {
	name, value, ok := strings.Cut(word, "=")
	if quoted || !ok || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
		if w.Attrs != nil {
			return fmt.Errorf("%q stands after an attribute", word)
		}
		w.Words = append(w.Words, word)
		return nil
	}
	if w.Attrs == nil {
		w.Attrs = map[string]string{}
	}
	if _, twice := w.Attrs[name]; twice {
		return fmt.Errorf("%s is given twice", name)
	}
	w.Attrs[name] = value
	return nil
}
