package browser

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/input"

	_ "embed"
)

// persona is the marked identity that a visit types into forms. Nothing else on the web is called so: where it turns
// up, it was taken from a form. The forms are never sent.
type persona struct {
	kinds map[string]string // what is typed into which kind of field
	marks *marks            // every form in which it may leave
	forms map[string]string // what a mark stands for: "email as sha256"
}

func newPersona() *persona {
	word := "v" + strings.ToLower(rand.Text()[:11])
	digits := make([]byte, 8)
	_, _ = rand.Read(digits) // never fails
	for i := range digits {
		digits[i] = '0' + digits[i]%10
	}
	p := &persona{kinds: map[string]string{
		"email": "vera." + word + "@example.com", "tel": "+4915" + string(digits), "password": "Pw!" + word + "9",
		"name": "Vera" + word, "text": word + "text",
	}, forms: map[string]string{}}
	for _, kind := range slices.Sorted(maps.Keys(p.kinds)) {
		p.learn(kind, p.kinds[kind])
	}
	p.marks = newMarks(slices.Sorted(maps.Keys(p.forms)))
	return p
}

// encoders are the ways in which identities are commonly disguised, alone and two after the other.
var encoders = []struct {
	name   string
	encode func(string) string
}{
	{"base64", func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) }},
	{"base64", func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }},
	{"base64", func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }},
	{"hex", func(s string) string { return hex.EncodeToString([]byte(s)) }},
	{"md5", func(s string) string { h := md5.Sum([]byte(s)); return hex.EncodeToString(h[:]) }},
	{"sha1", func(s string) string { h := sha1.Sum([]byte(s)); return hex.EncodeToString(h[:]) }},
	{"sha256", func(s string) string { h := sha256.Sum256([]byte(s)); return hex.EncodeToString(h[:]) }},
	{"md5 in base64", func(s string) string { h := md5.Sum([]byte(s)); return base64.RawStdEncoding.EncodeToString(h[:]) }},
	{"sha1 in base64", func(s string) string { h := sha1.Sum([]byte(s)); return base64.RawStdEncoding.EncodeToString(h[:]) }},
	{"sha256 in base64", func(s string) string {
		h := sha256.Sum256([]byte(s))
		return base64.RawStdEncoding.EncodeToString(h[:])
	}},
	{"upper case", strings.ToUpper},
}

// learn notes every form of what is typed, as it is and as those who hash it clean it first.
func (p *persona) learn(kind, value string) {
	spellings := []string{value, strings.ToLower(value), strings.ToUpper(value), strings.TrimPrefix(value, "+")}
	if local, _, ok := strings.Cut(value, "@"); ok {
		spellings = append(spellings, local)
	}
	for i, spelling := range spellings {
		p.note(spelling, kind)
		if i == 4 {
			break // a part of an address is looked for plainly
		}
		for _, first := range encoders {
			once := first.encode(spelling)
			p.note(once, kind+" as "+first.name)
			for _, second := range encoders {
				p.note(second.encode(once), kind+" as "+second.name+" of "+first.name)
			}
		}
	}
}

// note keeps the simplest account of a form.
func (p *persona) note(form, account string) {
	if old, known := p.forms[form]; len(form) >= markBytes && (!known || len(account) < len(old)) {
		p.forms[form] = account
	}
}

// in tells what of the persona a request takes along, sorted. What it takes along plainly and in disguise is told
// both.
func (p *persona) in(h *hop) []string {
	if p == nil {
		return nil
	}
	found := map[string]bool{}
	look := func(text string) {
		for _, mark := range p.marks.in(text) {
			found[strings.TrimSuffix(strings.ReplaceAll(p.forms[mark], " as upper case", ""), " of upper case")] = true
		}
	}
	for _, text := range []string{h.url, unzipped(h.body)} {
		eachForm(text, func(form string) {
			look(form)
			look(unescaped.Replace(form))
			for token := range strings.FieldsFuncSeq(form, func(r rune) bool { return !isWord(r) && !strings.ContainsRune("+/-_", r) }) {
				if plain := fromBase64(token); plain != "" {
					look(plain)
				}
			}
		})
	}
	if len(found) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(found))
}

var unescaped = strings.NewReplacer(`\u0040`, "@", `\u002b`, "+", `\u002B`, "+", `\/`, "/")

// maxUnzipped bounds what a packed body may become.
const maxUnzipped = 1 << 20

// unzipped is a body as text, unpacked when it is gzip.
func unzipped(body []byte) string {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return string(body)
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return string(body)
	}
	plain, _ := io.ReadAll(io.LimitReader(r, maxUnzipped)) // what was cut off is read as far as it goes
	return string(plain)
}

//go:embed fields.js
var fieldsSource string

// maxFields bounds the fields that are filled in on one page.
const maxFields = 20

// fillForms types the persona into the fields of the page, key by key as a visitor does, and never sends a form.
func (v *visit) fillForms(ctx context.Context) {
	if v.persona == nil {
		v.persona = newPersona()
	}
	for i := range maxFields {
		text, err := v.ask(ctx, v.main, fmt.Sprintf("(%s)(%d)", strings.TrimSpace(fieldsSource), i))
		var kind string
		if err != nil || json.Unmarshal([]byte(text), &kind) != nil || kind == "" {
			break
		}
		if value := v.persona.kinds[kind]; value != "" {
			v.typeText(value)
		}
	}
	_, _ = v.ask(ctx, v.main, fmt.Sprintf("(%s)(-1)", strings.TrimSpace(fieldsSource)))
}

// typeText presses the keys of a text, into whatever has the focus.
func (v *visit) typeText(text string) {
	for _, r := range text {
		key := string(r)
		tell(v.main.session, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Text: key, Key: key})
		tell(v.main.session, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
	}
}
