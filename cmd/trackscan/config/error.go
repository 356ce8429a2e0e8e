package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Error is a mistake in a file, with its place.
type Error struct {
	Path         string
	Line, Column int // from 1
	Message      string
	text         string // the line, without what may be a secret
}

// Error implements error: the place, what is wrong, the line and a caret below it.
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s\n  %s\n  %s^", e.Path, e.Line, e.Column, e.Message, e.text,
		strings.Repeat(" ", max(0, min(e.Column-1, utf8.RuneCountInString(e.text)))))
}

// source is the text that a mistake lies in.
type source struct {
	path  string
	lines []string
}

// explain gives an error of the YAML reader, or of wrong, its place.
func (s source) explain(err error) error {
	var known yaml.Error
	if !errors.As(err, &known) || known.GetToken() == nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	at := known.GetToken().Position
	message, _, _ := strings.Cut(known.GetMessage(), "\n")
	return s.at(at.Line, at.Column, message)
}

func (s source) at(line, column int, message string) error {
	e := &Error{Path: s.path, Line: line, Column: column, Message: message}
	if line >= 1 && line <= len(s.lines) {
		e.text = hideSecrets(strings.TrimRight(strings.ReplaceAll(s.lines[line-1], "\t", " "), "\r "))
	}
	return e
}

// wrong is a mistake at a node.
func wrong(n ast.Node, message string) error {
	return &yaml.SyntaxError{Message: message, Token: placeOf(n).GetToken()}
}

// placeOf is the node where another begins: a mapping in block style begins with its first key.
func placeOf(n ast.Node) ast.Node {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return m.Values[0].Key
	}
	return n
}

var (
	secretKeys = regexp.MustCompile(`(?i)^(.*?\b(?:pass\w*|user|\w*secret|\w*token|cookies?|headers?|auth\w*|value|with|\w*key)["']?\s*:\s*)\S.*$`)
	userInfo   = regexp.MustCompile(`://[^/@\s]*@`)
)

// hideSecrets blots out what someone may have written into the file although it does not belong there.
func hideSecrets(line string) string {
	return userInfo.ReplaceAllString(secretKeys.ReplaceAllString(line, "$1…"), "://…@")
}
