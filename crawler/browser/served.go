package browser

import (
	"mime"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/fetch"
	cdpio "github.com/chromedp/cdproto/io"
	"github.com/chromedp/cdproto/network"

	"trackscan/crawler"
)

// servedPattern has the answers of documents stop on their way, so that a policy that is no HTML - a PDF, a text
// file - is kept as it was served: the browser would download it, or show it in a viewer of its own.
var servedPattern = &fetch.RequestPattern{
	URLPattern: "*", ResourceType: network.ResourceTypeDocument, RequestStage: fetch.RequestStageResponse,
}

// onServed lets HTML pass, and keeps everything else. v.mu is held.
func (v *visit) onServed(p *place, e *fetch.EventRequestPaused) {
	kind := headerOf(e, "content-type")
	size, _ := strconv.ParseInt(headerOf(e, "content-length"), 10, 64) // zero when not told
	if e.ResponseStatusCode != 200 || !isServedDocument(kind) || size > maxDocument || string(e.FrameID) != string(p.targetID) {
		tell(p.session, fetch.ContinueResponse, fetch.ContinueResponseParams{RequestID: e.RequestID})
		return
	}
	v.takeServed(p, e.RequestID, kind)
}

// takeServed takes the body of an answer away from the browser piece by piece: a browser that is asked for the whole
// of a huge one hangs. The page gets an empty document in its place.
func (v *visit) takeServed(p *place, id fetch.RequestID, kind string) {
	taken := fetch.TakeResponseBodyAsStreamParams{RequestID: id}
	post(p.session, fetch.TakeResponseBodyAsStream, taken, func(r fetch.TakeResponseBodyAsStreamResult, err error) {
		if err != nil {
			tell(p.session, fetch.ContinueResponse, fetch.ContinueResponseParams{RequestID: id})
			return
		}
		v.readServed(p, r.Stream, nil, func(body []byte) {
			if len(body) > 0 && len(body) <= maxDocument {
				v.keepServed(kind, body)
			}
			tell(p.session, cdpio.Close, cdpio.CloseParams{Handle: r.Stream})
			tell(p.session, fetch.FulfillRequest, fetch.FulfillRequestParams{
				RequestID: id, ResponseCode: 200, Body: []byte("<!doctype html><title>document</title>"),
				ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html"}},
			})
		})
	})
}

// servedPiece is how many bytes of a body are asked for at a time.
const servedPiece = 1 << 20

// readServed appends what is left of a stream to body until its end, and no further than a document may be long. A
// body that breaks off is empty.
func (v *visit) readServed(p *place, from cdpio.StreamHandle, body []byte, done func(body []byte)) {
	post(p.session, cdpio.Read, cdpio.ReadParams{Handle: from, Size: servedPiece}, func(r cdpio.ReadResult, err error) {
		body = append(body, r.Data...)
		switch {
		case err != nil:
			done(nil)
		case r.EOF || len(body) > maxDocument:
			done(body)
		default:
			v.readServed(p, from, body, done)
		}
	})
}

func headerOf(e *fetch.EventRequestPaused, name string) string {
	for _, h := range e.ResponseHeaders {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// isServedDocument recognises the types of policies that a browser does not render as a page.
func isServedDocument(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/pdf" || kind == "text/plain" || kind == "text/markdown")
}

func (v *visit) keepServed(contentType string, body []byte) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.page.Document = &crawler.Document{
		MIME: kind, Charset: params["charset"], Bytes: body, Fetched: time.Now().UTC().Truncate(time.Second),
	}
}
