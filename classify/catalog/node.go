package catalog

import (
	"fmt"
	"strings"
)

// A node is one value of a vendor file: a text, a list, a mapping or nothing.
type node struct {
	pos    int // byte offset in the file, for errors
	kind   nodeKind
	text   string
	items  []node  // of a list
	fields []field // of a mapping, in the order of the file
}

type nodeKind uint8

const (
	nothing nodeKind = iota
	text
	list
	mapping
)

// A field is one entry of a mapping.
type field struct {
	key   string
	value node
}

// A reader reads the part of YAML that vendor files are written in: mappings of at most two levels in block style,
// lists and mappings below them in flow style ("[a, b]", "{days: 30}"), texts plain or quoted, comments on lines of
// their own. Every start of the program reads every file, and a full YAML parser takes fifty times as long; a test
// holds what this one reads equal to what a full one does.
type reader struct {
	src string
	pos int
}

// maxDepth bounds how deep flow values may nest; vendor files need three.
const maxDepth = 8

// readFile reads one vendor file.
func readFile(src string) (node, error) {
	r := &reader{src: src}
	if i := strings.IndexAny(src, "\t\r"); i >= 0 {
		r.pos = i
		return node{}, r.fail("tabs and carriage returns are not read here")
	}
	return r.block(0)
}

// block reads the fields that stand at an indentation of indent spaces.
func (r *reader) block(indent int) (node, error) {
	n := node{kind: mapping, pos: r.pos, fields: make([]field, 0, 8)}
	for r.nextLine(indent) {
		f, err := r.field(indent)
		if err != nil {
			return node{}, err
		}
		for _, other := range n.fields {
			if other.key == f.key {
				return node{}, fmt.Errorf("line %d: key %q stands twice", lineAt(r.src, f.value.pos), f.key)
			}
		}
		n.fields = append(n.fields, f)
	}
	if indent == 0 && r.pos < len(r.src) {
		return node{}, r.fail("unexpected indentation")
	}
	return n, nil
}

// nextLine skips empty lines and comments and reports whether a line at exactly this indentation follows; pos then
// stands after the indentation.
func (r *reader) nextLine(indent int) bool {
	for r.pos < len(r.src) {
		end := r.lineEnd()
		line := r.src[r.pos:end]
		trimmed := strings.TrimLeft(line, " ")
		if trimmed == "" || trimmed[0] == '#' || trimmed == "---" {
			r.pos = min(end+1, len(r.src))
			continue
		}
		if len(line)-len(trimmed) != indent {
			return false
		}
		r.pos += indent
		return true
	}
	return false
}

func (r *reader) field(indent int) (field, error) {
	key, err := r.key("")
	if err != nil {
		return field{}, err
	}
	r.spaces()
	if r.pos < len(r.src) && r.src[r.pos] != '\n' {
		value, err := r.value(0)
		if err != nil {
			return field{}, err
		}
		return field{key, value}, r.endOfLine()
	}
	if indent > 0 {
		return field{key, node{pos: r.pos}}, nil
	}
	value, err := r.block(indent + 2)
	if len(value.fields) == 0 {
		value.kind = nothing
	}
	return field{key, value}, err
}

// key reads up to and including the colon. A plain key ends at ": " or at a colon before the line's end or one of
// stops.
func (r *reader) key(stops string) (string, error) {
	if r.at('"') || r.at('\'') {
		key, err := r.quoted()
		if err != nil {
			return "", err
		}
		if !r.at(':') {
			return "", r.fail("want a colon after the key %q", key)
		}
		r.pos++
		return key, nil
	}
	if r.pos < len(r.src) && strings.IndexByte("*&!|>%@`[]{},#?-", r.src[r.pos]) >= 0 && !r.plainDash() {
		return "", r.fail("a key that starts with %q needs quotes", r.src[r.pos])
	}
	for i := r.pos; i < len(r.src) && r.src[i] != '\n'; i++ {
		if r.src[i] == ':' && (i+1 == len(r.src) || strings.IndexByte(" \n", r.src[i+1]) >= 0) {
			key := strings.TrimSpace(r.src[r.pos:i])
			r.pos = i + 1
			return key, nil
		}
		if strings.IndexByte(stops, r.src[i]) >= 0 || r.comment(i) {
			break
		}
	}
	return "", r.fail("want a key and a colon")
}

// plainDash reports whether a plain text starts here with a dash that does not mean a list.
func (r *reader) plainDash() bool {
	return r.at('-') && r.pos+1 < len(r.src) && strings.IndexByte(" \n", r.src[r.pos+1]) < 0
}

// comment reports whether a comment starts at i.
func (r *reader) comment(i int) bool { return r.src[i] == '#' && i > 0 && r.src[i-1] == ' ' }

// value reads a value; depth counts the flow values around it.
func (r *reader) value(depth int) (node, error) {
	if depth > maxDepth {
		return node{}, r.fail("more than %d levels", maxDepth)
	}
	n := node{pos: r.pos, kind: text}
	var err error
	switch {
	case r.at('['):
		return r.flowList(depth)
	case r.at('{'):
		return r.flowMap(depth)
	case r.at('"'), r.at('\''):
		n.text, err = r.quoted()
	case depth > 0:
		n.text, err = r.plain(",]}\n")
	default:
		n.text, err = r.plain("\n")
	}
	return n, err
}

func (r *reader) flowList(depth int) (node, error) {
	n := node{pos: r.pos, kind: list, items: make([]node, 0, 4)}
	r.pos++
	for {
		r.blank()
		if r.at(']') {
			r.pos++
			return n, nil
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return node{}, err
		}
		n.items = append(n.items, item)
		if err := r.comma(']'); err != nil {
			return node{}, err
		}
	}
}

func (r *reader) flowMap(depth int) (node, error) {
	n := node{pos: r.pos, kind: mapping, fields: make([]field, 0, 4)}
	r.pos++
	for {
		r.blank()
		if r.at('}') {
			r.pos++
			return n, nil
		}
		key, err := r.key(",{}[]")
		if err != nil {
			return node{}, err
		}
		r.blank()
		value, err := r.value(depth + 1)
		if err != nil {
			return node{}, err
		}
		n.fields = append(n.fields, field{key, value})
		if err := r.comma('}'); err != nil {
			return node{}, err
		}
	}
}

// comma reads the comma between two entries, or stays before the closing bracket.
func (r *reader) comma(closing byte) error {
	r.blank()
	if r.at(',') {
		r.pos++
		return nil
	}
	if r.at(closing) {
		return nil
	}
	return r.fail("want a comma or %q", closing)
}

// quoted reads a text in quotes. There are no escapes: a text with one kind of quote stands in the other.
func (r *reader) quoted() (string, error) {
	quote := r.src[r.pos]
	start := r.pos + 1
	for i := start; i < len(r.src) && r.src[i] != '\n'; i++ {
		switch {
		case r.src[i] == '\\' && quote == '"':
			return "", r.fail("escapes are not read here; use single quotes")
		case r.src[i] == quote && i+1 < len(r.src) && r.src[i+1] == quote && quote == '\'':
			return "", r.fail("a quote inside single quotes is not read here; use double quotes")
		case r.src[i] == quote:
			r.pos = i + 1
			return r.src[start:i], nil
		}
	}
	return "", r.fail("the quote is not closed on its line")
}

// plain reads a text without quotes, up to one of stops.
func (r *reader) plain(stops string) (string, error) {
	start := r.pos
	if start < len(r.src) && strings.IndexByte("*&!|>%@`#,[]{}", r.src[start]) >= 0 {
		return "", r.fail("a text that starts with %q needs quotes", r.src[start])
	}
	i := start
	for ; i < len(r.src) && strings.IndexByte(stops, r.src[i]) < 0; i++ {
		if r.comment(i) {
			return "", r.fail("a comment needs a line of its own")
		}
		if r.src[i] == ':' && stops != "\n" && !strings.HasPrefix(r.src[i:], "://") {
			return "", r.fail("a text with a colon needs quotes in brackets")
		}
		if strings.HasPrefix(r.src[i:], ": ") {
			return "", r.fail("a text with a colon and a space needs quotes")
		}
	}
	r.pos = i
	return strings.TrimRight(r.src[start:i], " "), nil
}

func (r *reader) endOfLine() error {
	r.spaces()
	if r.pos < len(r.src) && r.src[r.pos] != '\n' {
		return r.fail("want the end of the line")
	}
	r.pos = min(r.pos+1, len(r.src))
	return nil
}

func (r *reader) at(b byte) bool { return r.pos < len(r.src) && r.src[r.pos] == b }

func (r *reader) spaces() {
	for r.at(' ') {
		r.pos++
	}
}

// blank skips spaces and line ends, which mean the same inside flow values.
func (r *reader) blank() {
	for r.at(' ') || r.at('\n') {
		r.pos++
	}
}

func (r *reader) lineEnd() int {
	if i := strings.IndexByte(r.src[r.pos:], '\n'); i >= 0 {
		return r.pos + i
	}
	return len(r.src)
}

func (r *reader) fail(format string, args ...any) error {
	return fmt.Errorf("line %d: %s", lineAt(r.src, r.pos), fmt.Sprintf(format, args...))
}

// lineAt returns the number of the line that holds the byte at pos, from 1.
func lineAt(src string, pos int) int { return 1 + strings.Count(src[:min(pos, len(src))], "\n") }
