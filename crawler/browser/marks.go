package browser

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/network"

	"trackscan/crawler"
)

// markBytes is how many bytes of a mark are compared at each place of a script; shorter marks are not looked for.
const markBytes = 8

// marks finds strings in the text of scripts. It passes over a text once, however many strings there are.
type marks struct {
	begins map[uint64][]string // marks by their first bytes
	filter [1 << 11]uint64     // a bit for each hash of first bytes, so that most places cost one look
}

func newMarks(list []string) *marks {
	m := &marks{begins: map[uint64][]string{}}
	for _, mark := range list {
		if len(mark) < markBytes {
			continue
		}
		k := binary.LittleEndian.Uint64([]byte(mark))
		m.begins[k] = append(m.begins[k], mark)
		m.filter[bit(k)>>6] |= 1 << (bit(k) & 63)
	}
	return m
}

// bit is a hash of 17 bits.
func bit(k uint64) uint64 { return k * 0x9e3779b97f4a7c15 >> 47 }

// in returns the marks that text has, sorted.
func (m *marks) in(text string) []string {
	found := map[string]bool{}
	if len(m.begins) == 0 || len(text) < markBytes {
		return nil
	}
	k := binary.LittleEndian.Uint64([]byte(text[:markBytes]))
	for i := 0; ; i++ {
		if b := bit(k); m.filter[b>>6]&(1<<(b&63)) != 0 {
			for _, mark := range m.begins[k] {
				if strings.HasPrefix(text[i:], mark) {
					found[mark] = true
				}
			}
		}
		if i+markBytes >= len(text) {
			return slices.Sorted(maps.Keys(found))
		}
		k = k>>8 | uint64(text[i+markBytes])<<56
	}
}

// maxScriptBytes is the size up to which scripts are read; the largest bundles of real sites have about 5 MB, tags at
// most 1 MB.
const maxScriptBytes = 3 << 20

// readScript asks for the text of a script, or of what a tag manager reads first, and looks for marks and containers in
// it. v.mu is held.
func (v *visit) readScript(p *place, id network.RequestID, h *hop) {
	if h.status >= 400 || h.kind != network.ResourceTypeScript && !crawler.IsSettings(h.url) {
		return
	}
	v.reading++
	post(p.session, network.GetResponseBody, network.GetResponseBodyParams{RequestID: id},
		func(r network.GetResponseBodyResult, err error) {
			var found []string
			var container *crawler.Container
			if err == nil && len(r.Body) <= maxScriptBytes {
				text := string(r.Body)
				found, container = v.browser.marks.in(text), cmp.Or(crawler.ReadContainer(h.url, text), crawler.ReadCode(h.url, text))
			}
			v.mu.Lock()
			defer v.mu.Unlock()
			v.reading--
			v.wake()
			if v.over {
				return
			}
			if len(found) > 0 {
				v.script(h.url).marks = found
			}
			v.keepContainer(h.url, container)
		})
}
