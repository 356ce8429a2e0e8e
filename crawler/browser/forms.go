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
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"

	_ "embed"

	"trackscan/crawler"
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

// fillForms types the persona into the fields of the page and of the site's own frames, key by key as a visitor does,
// and never sends a form. What is typed into a frame of another company is meant for that company.
func (v *visit) fillForms(ctx context.Context) {
	if v.persona == nil {
		v.persona = newPersona()
	}
	main, err := mainSpot(ctx, v)
	if err != nil {
		return
	}
	left := v.fillIn(ctx, main, maxFields)
	for _, s := range v.otherSpots(ctx) {
		if v.isOwnFrame(s.frame) {
			left = v.fillIn(ctx, s, left)
		}
	}
}

// isOwnFrame reports whether a frame is of the site: by its address, or written by its parent.
func (v *visit) isOwnFrame(id cdp.FrameID) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	url := v.frames[id].url
	return !strings.HasPrefix(url, "http") || v.party(url) == crawler.First
}

// fillIn fills in the fields of one document, and returns how many more there may be elsewhere.
func (v *visit) fillIn(ctx context.Context, s spot, left int) int {
	number := func(i int) string { return fmt.Sprintf("(%s)(%d)", strings.TrimSpace(fieldsSource), i) }
	for i := 0; left > 0; i, left = i+1, left-1 {
		var kind string
		if err := s.ask(ctx, number(i), &kind); err != nil || kind == "" {
			break
		}
		if value := v.persona.kinds[kind]; value != "" {
			s.typeText(value)
		}
	}
	var none string
	_ = s.ask(ctx, number(-1), &none) // a document that went away has no focus
	return left
}

// typeText presses the keys of a text, into whatever has the focus.
func (s spot) typeText(text string) {
	for _, r := range text {
		key := string(r)
		tell(s.place.session, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Text: key, Key: key})
		tell(s.place.session, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: key})
	}
}
