package crawler

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// fields are what a request to a pixel says, by names in which dots part levels. What stands in a list stands under the
// name of the list.
type fields map[string][]string

// Bounds of what is taken from one request: real ones have some dozen fields in three levels.
const (
	maxMessages   = 100
	maxFields     = 500
	maxFieldDepth = 8
)

func (f fields) get(name string) string {
	if v := f[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (f fields) add(name, value string) {
	if value != "" && (len(f) < maxFields || f[name] != nil) && len(f[name]) < maxEvents {
		f[name] = append(f[name], value)
	}
}

// messages are what a request says, one for each event, with what the query says of all of them.
func (p *pixel) messages(query string, body []byte) []fields {
	shared := p.form(query, "&")
	if !strings.HasPrefix(shared.get(p.proof[0]), p.proof[1]) {
		return nil
	}
	out := p.bodies(unpacked(body))
	if len(out) == 0 {
		return []fields{shared}
	}
	for i, m := range out {
		out[i] = maps.Clone(shared)
		maps.Copy(out[i], m)
	}
	return out
}

// bodies reads what pixels send: JSON, a form as browsers send files, or lines of forms.
func (p *pixel) bodies(body []byte) []fields {
	var parsed any
	switch {
	case len(body) == 0:
		return nil
	case json.Unmarshal(body, &parsed) == nil:
		return p.batch(parsed)
	case bytes.HasPrefix(body, []byte("--")):
		return []fields{p.multipart(body)}
	}
	var out []fields
	for line := range strings.Lines(string(body)) {
		if line = strings.TrimSpace(line); line != "" && len(out) < maxMessages {
			out = append(out, p.form(line, "&"))
		}
	}
	return out
}

// batch is one message for each element of a list, and one for anything else.
func (p *pixel) batch(parsed any) []fields {
	list, ok := parsed.([]any)
	if !ok {
		list = []any{parsed}
	}
	var out []fields
	for _, one := range list[:min(len(list), maxMessages)] {
		m := fields{}
		p.flatten(m, "", one, 0)
		out = append(out, m)
	}
	return out
}

// multipart reads a form whose boundary is told by its first line.
func (p *pixel) multipart(body []byte) fields {
	m := fields{}
	first, _, _ := bytes.Cut(body, []byte("\r\n"))
	r := multipart.NewReader(bytes.NewReader(body), strings.TrimPrefix(string(first), "--"))
	for range maxFields {
		part, err := r.NextPart()
		if err != nil {
			break
		}
		if value, err := io.ReadAll(part); err == nil {
			p.value(m, part.FormName(), string(value), 0)
		}
	}
	return m
}

// form reads a query, or what stands in a field like one.
func (p *pixel) form(query, separator string) fields {
	m := fields{}
	for pair := range strings.SplitSeq(query, separator) {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			continue
		}
		if value, err = url.QueryUnescape(value); err == nil {
			p.value(m, name, value, 0)
		}
	}
	return m
}

var brackets = strings.NewReplacer("][", ".", "[", ".", "]", "")

// value adds a field, and the fields within it when it is JSON, a form of its own or what Google knows of a visitor,
// "tv.1~em.HASH~pn.HASH".
func (p *pixel) value(m fields, name, value string, depth int) {
	name = brackets.Replace(name)
	var inner any
	switch {
	case strings.HasPrefix(value, "{") || strings.HasPrefix(value, "["):
		if json.Unmarshal([]byte(value), &inner) == nil {
			p.flatten(m, name, inner, depth+1)
		}
	case name != "" && name == p.nested[0]:
		inside := (&pixel{}).form(value, p.nested[1])
		for _, field := range slices.Sorted(maps.Keys(inside)) {
			m.add(name+"."+field, inside[field][0])
		}
	case strings.HasPrefix(value, "tv.1~"):
		for part := range strings.SplitSeq(value, "~") {
			kind, hash, _ := strings.Cut(part, ".")
			m.add(name+"."+kind, hash)
		}
	default:
		m.add(name, value)
	}
}

func (p *pixel) flatten(m fields, name string, v any, depth int) {
	if depth > maxFieldDepth {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			p.flatten(m, strings.TrimPrefix(name+"."+key, "."), v[key], depth+1)
		}
	case []any:
		for _, inner := range v {
			p.flatten(m, name, inner, depth+1)
		}
	case string:
		p.value(m, name, v, depth)
	case float64:
		m.add(name, strconv.FormatFloat(v, 'f', -1, 64))
	case bool:
		m.add(name, strconv.FormatBool(v))
	}
}

// unpacked is a body in the clear: LinkedIn's is gzip in base64, others may be gzip.
func unpacked(body []byte) []byte {
	packed := body
	if plain, err := base64.StdEncoding.DecodeString(string(body)); err == nil {
		packed = plain
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return body
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxEventBody))
	if err != nil {
		return body
	}
	return plain
}
