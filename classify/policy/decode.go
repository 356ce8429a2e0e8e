package policy

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"trackscan/crawler"
)

// decode returns the document as UTF-8. What is valid UTF-8 stays as it is, byte for byte, so that offsets are those of
// the file; everything else is decoded by the charset that the server, the page or its byte order mark names.
func decode(d crawler.Document) string {
	b := d.Bytes
	if len(b) > maxBytes {
		b = b[:maxBytes]
	}
	if valid(b) && !bytes.HasPrefix(b, []byte{0xff, 0xfe}) {
		return string(b)
	}
	contentType := d.MIME
	if d.Charset != "" {
		contentType += "; charset=" + d.Charset
	}
	enc, _, _ := charset.DetermineEncoding(b[:min(len(b), 4096)], contentType)
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil || len(out) > 3*maxBytes {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

// valid is utf8.Valid that forgives a rune cut in half at the end.
func valid(b []byte) bool {
	for cut := 0; cut < utf8.UTFMax && cut <= len(b); cut++ {
		if utf8.Valid(b[:len(b)-cut]) {
			return true
		}
		if len(b) < maxBytes {
			return false
		}
	}
	return false
}

// format is how a document is written.
type format uint8

const (
	formatMarkdown format = iota // and plain text
	formatHTML
	formatPDF
	formatData
)

// formatOf goes by what the bytes look like first: servers and files are often mislabelled.
func formatOf(d crawler.Document) format {
	b := bytes.TrimLeft(d.Bytes[:min(len(d.Bytes), 2048)], "\xef\xbb\xbf \t\r\n")
	low := strings.ToLower(string(b))
	name := strings.ToLower(d.URL)
	switch {
	case strings.HasPrefix(low, "%pdf-") || strings.Contains(d.MIME, "pdf"):
		return formatPDF
	case strings.HasPrefix(low, "<!doctype") || strings.HasPrefix(low, "<html") || strings.HasPrefix(low, "<?xml"):
		return formatHTML
	case strings.Contains(d.MIME, "json") || strings.Contains(d.MIME, "javascript"):
		return formatData
	case strings.Contains(d.MIME, "html"):
		return formatHTML
	case strings.HasSuffix(name, ".html") || strings.HasSuffix(name, ".htm"):
		return formatHTML
	case strings.HasPrefix(low, "<") && strings.Contains(low, "</") && d.MIME == "":
		return formatHTML
	}
	return formatMarkdown
}
