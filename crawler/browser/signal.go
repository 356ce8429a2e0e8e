package browser

import "trackscan/crawler"

// signal is what a visitor's browser tells every site on its own: in a header of every request, which never asks for a
// preflight (both are names that pages must not set), and in a property of navigator, see hooks.js.
type signal struct{ name, header string }

var signals = map[crawler.Scenario]signal{
	crawler.GPC: {"gpc", "Sec-GPC"}, // https://www.w3.org/TR/gpc/
	crawler.DNT: {"dnt", "DNT"},     // https://www.w3.org/TR/tracking-dnt/
}

// signal of the visit; the zero value for none.
func (v *visit) signal() signal { return signals[v.visit.Scenario] }
