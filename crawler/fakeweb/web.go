// Package fakeweb serves a small web of many hosts on loopback, made from one text archive.
//
// A fake web is a .txtar archive. Each of its files is one resource, named HOST/PATH: "www.shop.test/index.html",
// "stats.example/p.gif". A path that ends in a slash is answered by the index.html in that folder. The query of a
// request is ignored, unless a file is named with just that query: "stats.example/p.gif?v=2". Files named want.* or
// notes.* at the top have no host; they are not served and are read with Web.Want.
//
// A file may begin with a head, which is a status line, header lines and a blank line; Set-Cookie may stand in it as
// often as wanted:
//
//	-- stats.example/p.gif --
//	HTTP/1.1 200
//	Set-Cookie: uid=7f3a9c; Max-Age=31536000; SameSite=None; Secure
//	Fakeweb-Body: gif
//
// Without a head the status is 200 and the type follows from the extension. The headers that begin with "Fakeweb-"
// steer the answer and are not part of it:
//
//	Fakeweb-Delay: 300ms        wait before answering, instead of Options.Delay
//	Fakeweb-Hang: true          never answer; the request ends when the client goes away
//	Fakeweb-Hold: true          answer, then keep the answer open until the client goes away (an event stream)
//	Fakeweb-Drop: true          close the connection without an answer
//	Fakeweb-Body: KIND          a generated body: gif (1x1, 43 bytes), gif100 (100x100), png (300x200),
//	                            pdf (the file's text, one line each), large:N (N bytes of text)
//	Fakeweb-Gzip: true          compress the body; the head says whether that is a Content-Encoding
//	Fakeweb-Cors: true          allow the asking origin to read the answer, with credentials; answers preflights
//	Fakeweb-Websocket: true     accept a WebSocket and echo what comes
//	Fakeweb-When-Cookie: NAME /PATH    the file PATH of this host answers when the request carries that cookie;
//	                            NAME=VALUE asks for the value too; repeatable, the first that fits counts
//
// It never leaves loopback, and it is no general web server: answers do not depend on anything but the archive, the
// request's host, path, query and cookies. The demonstration sites of the trackscan command are fake webs, and so are
// the sites in testdata/sites.
package fakeweb

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"
)

// Web is a set of hosts and what they answer. It is not changed by serving it.
type Web struct {
	hosts map[string]map[string]*file // by host, then by path with the leading slash and, if named so, the query
	notes map[string]string           // want.* and notes.*
}

// Parse reads a fake web from a txtar archive. It is strict: an unknown control header, a file without a host, a
// file named twice or a head that is cut off is an error that names the file and its line.
func Parse(archive []byte) (*Web, error) {
	if err := checkMarkers(archive); err != nil {
		return nil, fmt.Errorf("parse fake web: %w", err)
	}
	ar := txtar.Parse(archive)
	web := newWeb()
	line := 1 + bytes.Count(ar.Comment, []byte("\n"))
	for _, f := range ar.Files {
		if err := web.add(f.Name, f.Data); err != nil {
			return nil, fmt.Errorf("parse fake web: line %d: file %q: %w", line, f.Name, err)
		}
		line += 1 + bytes.Count(f.Data, []byte("\n"))
	}
	return web, web.checkAlternatives()
}

// checkMarkers refuses a line that was meant to begin a file and does not: the archive's reader would take it for
// content, and dies of a marker without a name.
func checkMarkers(archive []byte) error {
	n := 0
	for line := range bytes.Lines(archive) {
		n++
		line = bytes.TrimRight(line, "\r\n")
		if bytes.HasPrefix(line, []byte("-- ")) && (len(line) < len("-- x --") || !bytes.HasSuffix(line, []byte(" --"))) {
			return fmt.Errorf("line %d: %q begins like a file marker, want -- HOST/PATH --", n, line)
		}
	}
	return nil
}

func newWeb() *Web {
	return &Web{hosts: map[string]map[string]*file{}, notes: map[string]string{}}
}

func (w *Web) add(name string, data []byte) error {
	if isNote(name) {
		return w.addNote(name, string(data))
	}
	host, path, ok := strings.Cut(name, "/")
	if !ok || path == "" || strings.HasSuffix(path, "/") {
		return fmt.Errorf("no path, want HOST/PATH, want.* or notes.*")
	}
	if err := checkHost(host); err != nil {
		return err
	}
	f, err := parseFile(path, data)
	if err != nil {
		return err
	}
	return w.addFile(host, "/"+path, f)
}

func (w *Web) addFile(host, path string, f *file) error {
	files := w.hosts[host]
	if files == nil {
		files = map[string]*file{}
		w.hosts[host] = files
	}
	if files[path] != nil {
		return fmt.Errorf("%s%s is there already", host, path)
	}
	files[path] = f
	return nil
}

func (w *Web) addNote(name, text string) error {
	if _, twice := w.notes[name]; twice {
		return fmt.Errorf("is there already")
	}
	w.notes[name] = text
	return nil
}

func isNote(name string) bool {
	return !strings.Contains(name, "/") && (strings.HasPrefix(name, "want.") || strings.HasPrefix(name, "notes."))
}

func checkHost(host string) error {
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return fmt.Errorf("host %q is no lower-case host name", host)
		}
	}
	if len(host) > 253 {
		return fmt.Errorf("host is longer than 253 bytes")
	}
	return nil
}

// checkAlternatives reports an alternative that names a file which is not there, or which has alternatives itself.
func (w *Web) checkAlternatives() error {
	for _, host := range w.Hosts() {
		for _, path := range slices.Sorted(maps.Keys(w.hosts[host])) {
			for _, alt := range w.hosts[host][path].alternatives {
				if other := w.hosts[host][alt.path]; other == nil || len(other.alternatives) > 0 {
					return fmt.Errorf("parse fake web: file %q: alternative %q is no plain file of this host", host+path, alt.path)
				}
			}
		}
	}
	return nil
}

// Merge makes one web of several. A file that two of them have is an error; notes of one name are joined in order.
func Merge(webs ...*Web) (*Web, error) {
	all := newWeb()
	for _, w := range webs {
		for _, host := range w.Hosts() {
			for path, f := range w.hosts[host] {
				if err := all.addFile(host, path, f); err != nil {
					return nil, fmt.Errorf("merge fake webs: %w", err)
				}
			}
		}
		for name, text := range w.notes {
			all.notes[name] += text
		}
	}
	return all, nil
}

// Hosts lists every host that has a file, sorted.
func (w *Web) Hosts() []string { return slices.Sorted(maps.Keys(w.hosts)) }

// Paths lists the files of a host as they are named, with a leading slash, sorted. It is empty for an unknown host.
func (w *Web) Paths(host string) []string { return slices.Sorted(maps.Keys(w.hosts[host])) }

// Want returns the text of the file want.NAME, empty when there is none.
func (w *Web) Want(name string) string { return w.notes["want."+name] }

// Notes returns the text of the file notes.NAME, empty when there is none.
func (w *Web) Notes(name string) string { return w.notes["notes."+name] }

// Body returns what a file of the web answers with, without its head, as Lookup of a request for it would find it.
// It is nil when the web has no such file.
func (w *Web) Body(host, path string) []byte {
	if f := w.lookup(host, path, ""); f != nil {
		return f.body
	}
	return nil
}

// lookup finds the file for a request: the one named with the query, else without it; nil when there is none.
func (w *Web) lookup(host, path, query string) *file {
	files := w.hosts[host]
	if strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	if query != "" {
		if f := files[path+"?"+query]; f != nil {
			return f
		}
	}
	return files[path]
}
