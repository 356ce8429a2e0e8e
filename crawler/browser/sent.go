package browser

import (
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/network"
)

// Bounds of the bodies that a visit keeps until its end, to find identifiers in them. Counters send some hundred bytes;
// recorders of visits send snapshots of a page, of which the beginning is enough.
const (
	maxBody    = 64 << 10
	maxAllSent = 16 << 20
	maxAsked   = 300 // bodies that have to be asked for: blobs and what is longer than maxBody
)

// keepSent takes down the body of a request. v.mu is held.
func (v *visit) keepSent(p *place, id network.RequestID, h *hop, r *network.Request) {
	if !r.HasPostData {
		return
	}
	for _, e := range r.PostDataEntries {
		v.addSent(h, e.Bytes)
	}
	if h.sent > 0 {
		return
	}
	if v.asked++; v.asked > maxAsked {
		return
	}
	post(p.session, network.GetRequestPostData, network.GetRequestPostDataParams{RequestID: id},
		func(r network.GetRequestPostDataResult, err error) {
			v.mu.Lock()
			defer v.mu.Unlock()
			if err == nil && !v.over {
				v.addSent(h, r.PostData)
			}
		})
}

// addSent counts bytes that left, and keeps the first of them. v.mu is held.
func (v *visit) addSent(h *hop, b []byte) {
	h.sent += int64(len(b))
	if room := min(maxBody-len(h.body), maxAllSent-v.sent); room > 0 {
		b = b[:min(len(b), room)]
		h.body = append(h.body, b...)
		v.sent += len(b)
	}
}

// onFrameSent takes down a message that left through a WebSocket. v.mu is held.
func (v *visit) onFrameSent(params jsonv2.Value) {
	var e network.EventWebSocketFrameSent
	if !event(network.WebSocketFrameSent, params, &e) || e.Response == nil {
		return
	}
	if x := v.exchanges[e.RequestID]; x != nil && len(x.hops) > 0 {
		h := x.hops[len(x.hops)-1]
		h.messages++
		v.addSent(h, e.Response.PayloadData)
	}
}
