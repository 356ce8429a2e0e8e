package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"trackscan/crawler/browser/consent"
)

// spot is one document of a visit that is asked for banners, in a world of ours where the page cannot have changed
// anything. It ends with its document.
type spot struct {
	place *place
	frame cdp.FrameID
	world runtime.ExecutionContextID
}

// worldName is the name of our worlds. A document has one of each name, so what finder.js keeps is there again.
const worldName = "trackscan"

// maxSpots bounds the frames that are asked for banners.
const maxSpots = 20

// spotIn makes the world of one frame.
func spotIn(ctx context.Context, p *place, frame cdp.FrameID) (spot, error) {
	made, err := call(ctx, p.session, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: frame, WorldName: worldName})
	return spot{p, frame, made.ExecutionContextID}, err
}

// mainSpot is the page's own document.
func mainSpot(ctx context.Context, v *visit) (spot, error) {
	return spotIn(ctx, v.main, cdp.FrameID(v.main.targetID))
}

// ask runs a script that returns JSON.
func (s spot) ask(ctx context.Context, script string, answer any) error {
	return evaluate(ctx, s.place, runtime.EvaluateParams{Expression: script, ContextID: s.world}, answer)
}

// evaluate runs a script that returns JSON as a string, or a promise of one.
func evaluate(ctx context.Context, p *place, params runtime.EvaluateParams, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	params.ReturnByValue = new(true)
	got, err := call(ctx, p.session, runtime.Evaluate, params)
	if err != nil {
		return err
	}
	var text string
	if got.Result == nil || json.Unmarshal(got.Result.Value, &text) != nil {
		return fmt.Errorf("no answer from the document")
	}
	return json.Unmarshal([]byte(text), answer)
}

// sighting is a banner and where it was seen.
type sighting struct {
	spot
	consent.Banner
	switches []consent.Switch // of its whole frame, hidden ones too
}

// sight looks for banners: in the page's own document, and in its frames when there is one that may hold a banner.
func (v *visit) sight(ctx context.Context) []sighting {
	main, err := mainSpot(ctx, v)
	if err != nil {
		return nil
	}
	seen, frames := main.sight(ctx)
	if len(seen) > 0 || frames == 0 {
		return seen
	}
	for _, other := range v.otherSpots(ctx) {
		if more, _ := other.sight(ctx); len(more) > 0 {
			return more
		}
	}
	return nil
}

func (s spot) sight(ctx context.Context) (seen []sighting, frames int) {
	var view consent.View
	if s.ask(ctx, consent.Look(), &view) != nil {
		return nil, 0
	}
	for _, b := range view.Banners() {
		seen = append(seen, sighting{s, b, view.Switches})
	}
	return seen, view.Frames
}

// otherSpots are the frames of the page, of its own site and of others, in a stable order.
func (v *visit) otherSpots(ctx context.Context) []spot {
	type where struct {
		p     *place
		frame cdp.FrameID
	}
	var all []where
	v.mu.Lock()
	for _, p := range v.places {
		if p.gone || !p.hasFrames() {
			continue
		}
		for _, frame := range p.contexts {
			if w := (where{p, frame}); string(frame) != string(v.main.targetID) && !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	slices.SortFunc(all, func(a, b where) int {
		return cmp.Or(cmp.Compare(v.frames[a.frame].url, v.frames[b.frame].url), cmp.Compare(a.frame, b.frame))
	})
	v.mu.Unlock()
	var spots []spot
	for _, w := range all[:min(len(all), maxSpots)] {
		if s, err := spotIn(ctx, w.p, w.frame); err == nil {
			spots = append(spots, s)
		}
	}
	return spots
}

// click presses an element as a visitor does, with the mouse; one that the mouse does not reach (something lies on top
// of it, it moves) is pressed by script.
func (s spot) click(ctx context.Context, n int) error {
	var at struct {
		X, Y    float64
		Covered bool
		Gone    bool
	}
	arg := map[string]any{"n": n}
	if err := s.ask(ctx, consent.Ask("aim", arg), &at); err != nil {
		return err
	}
	if at.Gone {
		return fmt.Errorf("the button is gone")
	}
	if !at.Covered {
		dx, dy := s.offset(ctx)
		s.mouse(ctx, at.X+dx, at.Y+dy)
	}
	var hit struct{ Hit bool }
	_ = s.ask(ctx, consent.Ask("press", arg), &hit) // a document that went away has been hit
	return nil
}

// offset is where a frame lies in the window of its process.
func (s spot) offset(ctx context.Context) (x, y float64) {
	if string(s.frame) == string(s.place.targetID) {
		return 0, 0
	}
	owner, err := call(ctx, s.place.session, dom.GetFrameOwner, dom.GetFrameOwnerParams{FrameID: s.frame})
	if err != nil {
		return 0, 0
	}
	box, err := call(ctx, s.place.session, dom.GetBoxModel, dom.GetBoxModelParams{BackendNodeID: owner.BackendNodeID})
	if err != nil || box.Model == nil || len(box.Model.Content) < 2 {
		return 0, 0
	}
	return box.Model.Content[0], box.Model.Content[1]
}

// mouse moves to a point, presses and releases.
func (s spot) mouse(ctx context.Context, x, y float64) {
	ctx, cancel := context.WithTimeout(ctx, mouseCap)
	defer cancel()
	for _, kind := range []input.DispatchMouseEventType{
		input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased,
	} {
		p := input.DispatchMouseEventParams{Type: kind, X: x, Y: y}
		if kind != input.DispatchMouseEventTypeMouseMoved {
			p.Button, p.ClickCount = input.MouseButtonLeft, 1
		}
		if _, err := call(ctx, s.place.session, input.DispatchMouseEvent, p); err != nil {
			return
		}
	}
}
