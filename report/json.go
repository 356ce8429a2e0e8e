package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"
)

// writeJSON writes the facts as trackscan.scan/1: arrays are never null, and strings hold no byte that a terminal
// obeys.
func writeJSON(w io.Writer, r Report, _ Style) error {
	text, err := json.MarshalIndent(filled(reflect.ValueOf(r.Facts)).Interface(), "", "  ")
	if err != nil {
		return fmt.Errorf("write json: %w", err)
	}
	_, err = w.Write(append(escaped(text), '\n'))
	return err
}

// filled returns a deep copy of v in which every nil slice is an empty one.
func filled(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch {
	case v.Kind() == reflect.Slice:
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(filled(v.Index(i)))
		}
	case v.Kind() == reflect.Pointer && !v.IsNil():
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(filled(v.Elem()))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && out.Field(i).CanSet() {
				out.Field(i).Set(filled(v.Field(i)))
			}
		}
	}
	return out
}

// escaped writes every character that visible would write out as JSON's \u: outside of strings JSON has none of them.
// Readers get the same string.
func escaped(text []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == 0x7f || r >= 0x80 && !harmless(r):
			writeUnicode(&b, r)
		default:
			b.Write(text[:size])
		}
		text = text[size:]
	}
	return b.Bytes()
}

// writeUnicode writes r as \u and four digits, as a surrogate pair where one is not enough.
func writeUnicode(b *bytes.Buffer, r rune) {
	if r < 0x10000 {
		fmt.Fprintf(b, `\u%04x`, r)
		return
	}
	r -= 0x10000
	fmt.Fprintf(b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3ff)
}
