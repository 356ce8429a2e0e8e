package fakeweb

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// controlPrefix marks the headers that steer an answer and are not part of it.
const controlPrefix = "Fakeweb-"

// file is one resource and how it is answered.
type file struct {
	status       int
	header       http.Header
	body         []byte
	delay        *time.Duration // nil: Options.Delay
	hang         bool
	hold         bool
	drop         bool
	cors         bool
	webSocket    bool
	alternatives []alternative
}

// alternative is another file that answers when the request carries a cookie.
type alternative struct {
	cookie string
	value  *string // nil: any
	path   string
}

func parseFile(name string, data []byte) (*file, error) {
	f := &file{status: http.StatusOK, header: http.Header{}, body: data}
	control := http.Header{}
	if bytes.HasPrefix(data, []byte("HTTP/")) {
		var err error
		if control, err = f.parseHead(data); err != nil {
			return nil, err
		}
	}
	if err := f.applyControl(control); err != nil {
		return nil, err
	}
	if f.header.Get("Content-Type") == "" {
		f.header.Set("Content-Type", mimeOf(name, f.body))
	}
	return f, nil
}

// parseHead takes the head off data, keeps what is sent and returns what only steers.
func (f *file) parseHead(data []byte) (control http.Header, err error) {
	status, rest, _ := bytes.Cut(data, []byte("\n"))
	if f.status, err = parseStatus(string(status)); err != nil {
		return nil, err
	}
	control = http.Header{}
	for n := 2; len(rest) > 0; n++ {
		var raw []byte
		raw, rest, _ = bytes.Cut(rest, []byte("\n"))
		line := strings.TrimRight(string(raw), "\r")
		if line == "" {
			break
		}
		if err := f.parseHeader(line, control); err != nil {
			return nil, fmt.Errorf("line %d of its head: %w", n, err)
		}
	}
	f.body = rest
	return control, nil
}

func parseStatus(line string) (int, error) {
	number, ok := strings.CutPrefix(strings.TrimSpace(line), "HTTP/1.1 ")
	number, _, _ = strings.Cut(number, " ")
	n, err := strconv.Atoi(number)
	if !ok || err != nil || n < 200 || n > 599 {
		return 0, fmt.Errorf("status line %q, want HTTP/1.1 and a status of 200 to 599", line)
	}
	return n, nil
}

func (f *file) parseHeader(line string, control http.Header) error {
	name, value, ok := strings.Cut(line, ":")
	if !ok || !isToken(name) {
		return fmt.Errorf("%q is no header, want NAME: VALUE", line)
	}
	name, value = textproto.CanonicalMIMEHeaderKey(name), strings.TrimSpace(value)
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return fmt.Errorf("header %s has a control character", name)
	}
	if strings.HasPrefix(name, controlPrefix) {
		control.Add(name, value)
		return nil
	}
	f.header.Add(name, value)
	return nil
}

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	})
}

func (f *file) applyControl(control http.Header) error {
	for _, name := range slices.Sorted(maps.Keys(control)) {
		for _, value := range control[name] {
			if err := f.applyOne(name, value); err != nil {
				return fmt.Errorf("header %s: %w", name, err)
			}
		}
	}
	return f.applyBody(control.Get("Fakeweb-Body"), control.Get("Fakeweb-Gzip") != "")
}

func (f *file) applyOne(name, value string) error {
	switch name {
	case "Fakeweb-Delay":
		return f.setDelay(value)
	case "Fakeweb-When-Cookie":
		return f.addAlternative(value)
	case "Fakeweb-Body":
		return nil // in applyBody, after all the others
	case "Fakeweb-Hang":
		f.hang = true
	case "Fakeweb-Hold":
		f.hold = true
	case "Fakeweb-Drop":
		f.drop = true
	case "Fakeweb-Gzip":
	case "Fakeweb-Cors":
		f.cors = true
	case "Fakeweb-Websocket":
		f.webSocket = true
	default:
		return fmt.Errorf("is not known")
	}
	if value != "true" {
		return fmt.Errorf("value %q, want true", value)
	}
	return nil
}

func (f *file) setDelay(value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 || d > time.Minute {
		return fmt.Errorf("value %q, want a duration of at most a minute", value)
	}
	f.delay = &d
	return nil
}

func (f *file) addAlternative(value string) error {
	cookie, target, ok := strings.Cut(value, " ")
	target = strings.TrimSpace(target)
	if !ok || cookie == "" || !strings.HasPrefix(target, "/") {
		return fmt.Errorf("value %q, want NAME /PATH", value)
	}
	alt := alternative{cookie: cookie, path: target}
	if name, v, both := strings.Cut(cookie, "="); both {
		alt.cookie, alt.value = name, &v
	}
	f.alternatives = append(f.alternatives, alt)
	return nil
}

func (f *file) applyBody(kind string, compress bool) error {
	if kind != "" {
		body, mime, err := generate(kind, f.body)
		if err != nil {
			return fmt.Errorf("header Fakeweb-Body: %w", err)
		}
		f.body = body
		if f.header.Get("Content-Type") == "" {
			f.header.Set("Content-Type", mime)
		}
	}
	if !compress {
		return nil
	}
	var packed bytes.Buffer
	zw := gzip.NewWriter(&packed)
	if _, err := zw.Write(f.body); err != nil {
		return err
	}
	if err := zw.Close(); err != nil {
		return err
	}
	f.body = packed.Bytes()
	return nil
}

// pick returns the file that answers r: an alternative of f whose cookie r carries, else f.
func (f *file) pick(r *http.Request, files map[string]*file) *file {
	for _, alt := range f.alternatives {
		for _, c := range r.CookiesNamed(alt.cookie) {
			if alt.value == nil || *alt.value == c.Value {
				return files[alt.path]
			}
		}
	}
	return f
}

// mimeByExtension is a table of its own, so that answers are the same on every machine.
var mimeByExtension = map[string]string{
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json",
	".xml": "application/xml", ".txt": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8",
	".csv": "text/csv; charset=utf-8", ".svg": "image/svg+xml", ".gif": "image/gif", ".png": "image/png",
	".jpg": "image/jpeg", ".ico": "image/x-icon", ".webp": "image/webp", ".woff2": "font/woff2",
	".pdf": "application/pdf", ".gz": "application/gzip", ".zip": "application/zip", ".mp4": "video/mp4",
}

func mimeOf(name string, body []byte) string {
	name, _, _ = strings.Cut(name, "?")
	if mime, ok := mimeByExtension[strings.ToLower(path.Ext(name))]; ok {
		return mime
	}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return mimeByExtension[".html"]
	}
	return mimeByExtension[".txt"]
}
