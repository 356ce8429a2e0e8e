package browser

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"trackscan/crawler"
)

// uses is what a note tells of counts: how often each script has used each interface in one realm so far.
type uses map[string]map[string]int

// canvas is what a note tells of a picture that was read back.
type canvas struct {
	How      string `json:"how"`
	Type     string `json:"type"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Side     int    `json:"side"`
	Letters  int    `json:"letters"`
	Colours  int    `json:"colours"`
	Saves    bool   `json:"saves"`
	Listens  bool   `json:"listens"`
	Pictures int    `json:"pictures"`
}

// scriptUse is what is known of one script.
type scriptUse struct {
	counts   map[string]map[string]int // by interface, then by realm
	canvases map[canvas]int
	marks    []string // found in its text
	leg      int      // of the journey, on which it was first seen
}

// Bounds of what is kept of scripts: pages have some hundred scripts, the busiest of which use about a hundred
// interfaces in a few frames.
const (
	maxScripts  = 2_000
	maxUses     = 500 // interfaces of one script
	maxRealms   = 500 // of one interface of one script
	maxCanvases = 50  // different ones that one script reads
)

// script returns what is known of a script, making it when it is new. v.mu is held.
func (v *visit) script(url string) *scriptUse {
	s := v.scripts[url]
	if s == nil {
		s = &scriptUse{counts: map[string]map[string]int{}, canvases: map[canvas]int{}, leg: v.gone}
		if len(v.scripts) < maxScripts {
			v.scripts[url] = s
		}
	}
	return s
}

// onUses takes down counts; by is who stands for scripts without an address. v.mu is held.
func (v *visit) onUses(n note, by string) {
	for url, counts := range n.Uses {
		s := v.script(cmp.Or(httpOnly(url), by))
		for name, count := range counts {
			s.use(strings.Clone(name), n.realm, count)
		}
	}
}

// keepMarkup takes down interfaces that the document itself uses, by attributes; those that a script has set are the
// script's. v.mu is held.
func (v *visit) keepMarkup(names []string) {
	for _, name := range names {
		used := false
		for _, s := range v.scripts {
			used = used || s.counts[name] != nil
		}
		if !used {
			v.script(v.page.FinalURL).use(name, "document", 1)
		}
	}
}

func (s *scriptUse) use(name, realm string, count int) {
	realms := s.counts[name]
	if realms == nil {
		if len(s.counts) >= maxUses {
			return
		}
		realms = map[string]int{}
		s.counts[name] = realms
	}
	if _, known := realms[realm]; known || len(realms) < maxRealms {
		realms[realm] = max(realms[realm], count)
	}
}

// onCanvas takes down a picture that was read back. v.mu is held.
func (v *visit) onCanvas(n note, by string) {
	s := v.script(by)
	n.Canvas.Type = n.Canvas.Type[:min(len(n.Canvas.Type), 40)]
	if _, known := s.canvases[n.Canvas]; known || len(s.canvases) < maxCanvases {
		s.canvases[n.Canvas]++
	}
}

// scriptsSeen turns what scripts did into evidence, by their addresses. v.mu is held.
func (v *visit) scriptsSeen() []crawler.Script {
	byURL := map[string]*crawler.Script{}
	for _, url := range slices.Sorted(maps.Keys(v.scripts)) {
		shown := v.show(url)
		one := byURL[shown]
		if one == nil {
			one = &crawler.Script{URL: shown, Party: v.party(url), Initiators: v.chainTo(url, v.scripts[url].leg)}
			byURL[shown] = one
		}
		v.scripts[url].tell(one)
	}
	out := make([]crawler.Script, 0, len(byURL))
	for _, url := range slices.Sorted(maps.Keys(byURL)) {
		out = append(out, *byURL[url])
	}
	return out
}

// tell adds what is known of a script to its evidence; several addresses may look the same without their values.
func (s *scriptUse) tell(to *crawler.Script) {
	counts := map[string]int{}
	for _, u := range to.Uses {
		counts[u.Name] = u.Count
	}
	for name, realms := range s.counts {
		for _, n := range realms {
			if name == "fonts" { // families, not uses
				counts[name] = max(counts[name], n)
			} else {
				counts[name] += n
			}
		}
	}
	for _, mark := range s.marks {
		if i, known := slices.BinarySearch(to.Marks, mark); !known {
			to.Marks = slices.Insert(to.Marks, i, mark)
		}
	}
	to.Uses = to.Uses[:0]
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		to.Uses = append(to.Uses, crawler.Use{Name: name, Count: counts[name]})
	}
	for c, n := range s.canvases {
		to.Canvases = append(to.Canvases, crawler.Canvas{
			How: c.How, Type: c.Type, Width: c.Width, Height: c.Height, Side: c.Side, Letters: c.Letters,
			Colours: c.Colours, Saves: c.Saves, Listens: c.Listens, Pictures: c.Pictures, Count: n,
		})
	}
	slices.SortFunc(to.Canvases, compareCanvases)
}

func compareCanvases(a, b crawler.Canvas) int {
	return cmp.Or(
		cmp.Compare(a.How, b.How), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Width, b.Width),
		cmp.Compare(a.Height, b.Height), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Letters, b.Letters),
		cmp.Compare(a.Colours, b.Colours), cmp.Compare(a.Pictures, b.Pictures), cmp.Compare(a.Count, b.Count),
	)
}
