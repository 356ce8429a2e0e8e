package crawler

// Script is what one script did with those interfaces of the browser by which visitors can be told apart or followed.
// Use is counted and never judged: a chart draws on a canvas, a video call opens connections, a shop reads the size of
// the screen.
type Script struct {
	URL        string   `json:"url"` // the page or frame for its inline scripts
	Party      Party    `json:"party"`
	Initiators []string `json:"initiators"`      // who led to it: the page first, the script last
	Marks      []string `json:"marks,omitempty"` // strings in its text by which scripts are told, sorted
	Uses       []Use    `json:"uses,omitempty"`
	Canvases   []Canvas `json:"canvases,omitempty"`
}

// Use is how often a script used one interface.
//
// Names are INTERFACE.MEMBER ("Navigator.plugins"), of WebGL parameters those that name the hardware
// ("WebGLRenderingContext.UNMASKED_RENDERER"; all others together are "getParameter", counted once each),
// "matchMedia.FEATURE", "listen.page.EVENT" and "listen.field.EVENT" for listeners of the whole document and of form
// fields, "fetch.OPTION" for requests that the browser is to do more for, "send.EVENT" for what was sent away while an event of a key was handled, and "fonts": the most families that one text, or the elements of one document, were measured in.
type Use struct {
	Name  string `json:"name"`
	Count int    `json:"count"` // in each document and worker rounded down to a power of two, then added; of "fonts" exact
}

// Canvas is a canvas as it was when a script read its picture back.
type Canvas struct {
	How      string `json:"how"` // toDataURL, getImageData, toBlob, convertToBlob
	Type     string `json:"type,omitempty"`
	Width    int    `json:"width"` // pixels
	Height   int    `json:"height"`
	Side     int    `json:"side,omitempty"`     // the shorter side of what was read, when it was asked for; else 0
	Letters  int    `json:"letters"`            // different characters written on it
	Colours  int    `json:"colours"`            // colours that text was written in
	Saves    bool   `json:"saves,omitempty"`    // save or restore was called, as drawings of several parts do
	Listens  bool   `json:"listens,omitempty"`  // somebody listens to events of the canvas
	Pictures int    `json:"pictures,omitempty"` // images drawn on it that are no canvas themselves
	Count    int    `json:"count"`
}

// Used is how often a script used an interface; see Use for the names.
func (s *Script) Used(name string) int {
	for _, u := range s.Uses {
		if u.Name == name {
			return u.Count
		}
	}
	return 0
}
