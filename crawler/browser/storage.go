package browser

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cachestorage"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/domstorage"

	"trackscan/crawler"
)

// storageKey is the identity of a storage item.
type storageKey struct {
	kind   crawler.StorageKind
	origin string
	key    string
}

// storageItem is what is known of one item.
type storageItem struct {
	setters []string // URLs
	maybe   []string // who reached for the storage before the item was found: frames of one origin share it
	traits  crawler.Traits
	clicks  []string // of all values, see crawler.Storage
	removed bool

	there   bool             // when the visit began, or the banner was answered
	past    []string         // who set it before that, in this visit
	brought *crawler.Storage // ... in the visit that answered
	changed bool             // since then, by whoever
	leg     int              // of the journey, on which it was first seen
}

// item returns the item of a key, making it when it is new. v.mu is held.
func (v *visit) item(k storageKey) *storageItem {
	it := v.items[k]
	if it == nil {
		it = &storageItem{leg: v.gone}
		if len(v.items) < maxItems {
			v.items[k] = it
		}
	}
	return it
}

// maxSetters bounds the setters that are kept of one item.
const maxSetters = 10

// maxItems bounds the storage items of one visit.
const maxItems = 5_000

func (v *visit) onStorageNote(n note, by string) {
	kind := crawler.StorageKind(n.Kind)
	switch n.Storage {
	case "localStorage":
		kind = crawler.Local
	case "sessionStorage":
		kind = crawler.SessionKV
	}
	if !strings.HasPrefix(n.Origin, "http") {
		return
	}
	it := v.item(storageKey{kind, n.Origin, n.Key})
	list := &it.setters
	if n.Stack != "" {
		list = &it.maybe
	}
	if !slices.Contains(*list, by) && len(*list) < maxSetters {
		*list = append(*list, by)
	}
}

// onDOMStorage takes down that an item was added, changed or removed. In a fresh browser context every item that is
// there was added during the visit; one that is removed on leaving was there all the time. v.mu is held.
func (v *visit) onDOMStorage(p *place, method string, params jsonv2.Value) {
	if v.changes++; v.changes > maxNotes {
		v.silence(p)
		return
	}
	var e domstorage.EventDomStorageItemAdded // the other events have a part of its fields
	if jsonv2.Unmarshal(params, &e) != nil || e.StorageID == nil {
		return
	}
	k := storageKey{crawler.SessionKV, originOf(e.StorageID), e.Key}
	if e.StorageID.IsLocalStorage {
		k.kind = crawler.Local
	}
	v.touch()
	v.keepValue(p, method, &e)
	if v.leaving && method != domstorage.DomStorageItemAdded.Method && method != domstorage.DomStorageItemUpdated.Method {
		return
	}
	if method == domstorage.DomStorageItemsCleared.Method {
		for other, it := range v.items {
			if other.kind == k.kind && other.origin == k.origin {
				it.removed = true
			}
		}
		return
	}
	it := v.item(k)
	if it.removed = method == domstorage.DomStorageItemRemoved.Method; !it.removed {
		traits := crawler.TraitsOf(e.NewValue, v.browser.opts.Salt)
		it.changed = it.changed || it.there && traits != it.traits
		it.traits, it.clicks = traits, union(it.clicks, v.arrival.in(e.NewValue))
		v.secrets.remember(e.NewValue, traits)
	}
}

// originOf is the origin of a storage area; the key of a partitioned one also names the site above it.
func originOf(id *domstorage.StorageID) string {
	origin, _, _ := strings.Cut(cmp.Or(string(id.StorageKey), id.SecurityOrigin), "^")
	return strings.TrimSuffix(origin, "/")
}

// storage turns the items into evidence. v.mu is held.
func (v *visit) storage() []crawler.Storage {
	out := make([]crawler.Storage, 0, len(v.items))
	for k, it := range v.items {
		if !it.persists() {
			out = append(out, v.stored(k, it, it.setters, it.maybe))
		} else if !it.removed {
			out = append(out, v.stillThere(k, it))
		}
	}
	slices.SortFunc(out, func(a, b crawler.Storage) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Key, b.Key))
	})
	return out
}

// persists reports whether an item was there before and nobody has set it since.
func (it *storageItem) persists() bool {
	return it.there && !it.changed && len(it.setters)+len(it.maybe) == 0
}

// stored is the evidence of an item that one of setters set, or else one of maybe. v.mu is held.
func (v *visit) stored(k storageKey, it *storageItem, setters, maybe []string) crawler.Storage {
	s := crawler.Storage{
		Kind: k.kind, Origin: k.origin, Key: k.key, Party: v.party(k.origin), Transient: it.removed, Traits: it.traits,
		Clicks: it.clicks,
	}
	if by := cmp.Or(v.nearest(setters), v.nearest(maybe)); by != "" {
		s.SetBy, s.Initiators = v.show(by), v.chainTo(by, it.leg)
	}
	return s
}

// stillThere is the evidence of an item that persists. v.mu is held.
func (v *visit) stillThere(k storageKey, it *storageItem) crawler.Storage {
	s := v.stored(k, it, it.past, nil)
	if it.brought != nil {
		s.SetBy, s.Initiators = it.brought.SetBy, it.brought.Initiators
	}
	s.Brought = true
	return s
}

// nearest is the setter with the shortest chain to the page, so that a race between several changes nothing.
func (v *visit) nearest(urls []string) string {
	if len(urls) == 0 {
		return ""
	}
	return slices.MinFunc(urls, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(v.chainTo(a, 0)), len(v.chainTo(b, 0))), cmp.Compare(a, b))
	})
}

// readCaches asks for the caches of origins with a worker: before its first statement, when our hooks are put in, a
// worker has no caches yet that they could watch.
func (v *visit) readCaches(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askTimeoutHurried)
	defer cancel()
	for script, origin := range v.workers() {
		caches, err := call(ctx, v.main.session, cachestorage.RequestCacheNames, cachestorage.RequestCacheNamesParams{SecurityOrigin: origin})
		if err != nil {
			continue
		}
		v.mu.Lock()
		for _, c := range caches.Caches {
			if it := v.item(storageKey{crawler.CacheAPI, origin, c.CacheName}); len(it.setters) == 0 {
				it.setters = []string{script}
			}
		}
		v.mu.Unlock()
	}
}

// workers are the scripts of the workers of this visit, with their origins.
func (v *visit) workers() map[string]string {
	v.mu.Lock()
	defer v.mu.Unlock()
	scripts := map[string]string{}
	for _, p := range v.places {
		u, err := url.Parse(strings.TrimPrefix(p.url, "blob:"))
		if err == nil && !p.hasFrames() && p.kind != worklet && u.Host != "" {
			scripts[v.addressOf(p)] = u.Scheme + "://" + u.Host
		}
	}
	return scripts
}
