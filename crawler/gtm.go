package crawler

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// gtmData is the part of a container of Google's that its users made; the library that runs it follows, and names many
// hosts that no tag asks for. Templates say by permissions what they may load.
type gtmData struct {
	Resource struct {
		Macros []any
		Tags   []map[string]any
	}
	Permissions map[string]map[string]struct{ URLs []string }
}

// tagLoads is what the built-in types of tags load that need no permission for it, as Google Tag Manager's "Restrict tag
// deployment" lists the types.
var tagLoads = map[string]string{
	"__ua":                  "https://www.google-analytics.com/analytics.js",
	"__ga":                  "https://www.google-analytics.com/analytics.js",
	"__ga4":                 "https://www.google-analytics.com/g/collect",
	"__gaawc":               "https://www.google-analytics.com/g/collect",
	"__gaawe":               "https://www.google-analytics.com/g/collect",
	"__awct":                "https://www.googleadservices.com/pagead/conversion.js",
	"__sp":                  "https://www.googleadservices.com/pagead/conversion.js",
	"__gclidw":              "https://www.googleadservices.com/pagead/conversion.js",
	"__flc":                 "https://fls.doubleclick.net/activityi",
	"__fls":                 "https://fls.doubleclick.net/activityi",
	"__baut":                "https://bat.bing.com/bat.js",
	"__hjtc":                "https://static.hotjar.com/c/hotjar-",
	"__bzi":                 "https://snap.licdn.com/li.lms-analytics/insight.min.js",
	"__pntr":                "https://s.pinimg.com/ct/core.js",
	"__twitter_website_tag": "https://static.ads-twitter.com/uwt.js",
	"__crto":                "https://static.criteo.net/js/ld/ld.js",
	"__qcm":                 "https://secure.quantserve.com/quant.js",
	"__qpx":                 "https://a.quora.com/qevents.js",
	"__mf":                  "https://cdn.mouseflow.com/projects/",
	"__cegg":                "https://script.crazyegg.com/pages/scripts/",
	"__asp":                 "https://s.adroll.com/j/roundtrip.js",
	"__csm":                 "https://sb.scorecardresearch.com/beacon.js",
}

// tagID is the ID of a Google tag, which loads the library of its product.
var tagID = regexp.MustCompile(`(?:^|["'])(G-[A-Z0-9]{5,15}|AW-\d{6,12}|DC-\d{4,12}|UA-\d{4,12}-\d{1,4})(?:$|["'\\])`)

// readGTM reads the tags of a container, and what they take from its variables. Variables and conditions that no tag
// uses load nothing.
func readGTM(c *Container, text string) {
	at := strings.Index(text, `"resource"`)
	if at < 0 {
		return
	}
	if at = strings.LastIndexByte(text[:at], '{'); at < 0 {
		return
	}
	var data gtmData
	_ = json.NewDecoder(strings.NewReader(text[at:])).Decode(&data) // what is of another type than we know says nothing
	r := gtmReader{Container: c, macros: data.Resource.Macros, seen: make([]bool, len(data.Resource.Macros))}
	for _, tag := range data.Resource.Tags {
		kind, _ := tag["function"].(string)
		if kind == "__paused" {
			continue
		}
		if address := tagLoads[kind]; address != "" {
			c.load(address)
		}
		for _, what := range []string{"inject_script", "send_pixel", "inject_hidden_iframe"} {
			for _, address := range data.Permissions[kind][what].URLs {
				r.text(strings.ReplaceAll(address, "*.", ""))
			}
		}
		for key, value := range tag {
			if strings.HasPrefix(key, "vtp_") {
				r.value(value)
			}
		}
	}
}

// gtmReader goes through the parameters of tags, and the variables that they name, once each.
type gtmReader struct {
	*Container
	macros []any
	seen   []bool
}

func (r *gtmReader) value(v any) {
	switch v := v.(type) {
	case string:
		r.text(v)
	case []any:
		if n, ok := macroOf(v); ok {
			r.macro(n)
			return
		}
		for _, one := range v {
			r.value(one)
		}
	case map[string]any:
		for key, one := range v {
			if strings.HasPrefix(key, "vtp_") {
				r.value(one)
			}
		}
	}
}

// macroOf is the number of the variable that ["macro", 7] stands for.
func macroOf(v []any) (int, bool) {
	if len(v) != 2 || v[0] != "macro" {
		return 0, false
	}
	n, ok := v[1].(float64)
	return int(n), ok
}

func (r *gtmReader) macro(n int) {
	if n >= 0 && n < len(r.macros) && !r.seen[n] {
		r.seen[n] = true
		r.value(r.macros[n])
	}
}

// text reads one parameter: an address, an ID, or a piece of HTML.
func (r *gtmReader) text(s string) {
	readText(r.Container, `"`+strings.TrimSuffix(s, "*")+`"`)
	for _, m := range tagID.FindAllStringSubmatch(s, 20) {
		r.load("https://www.googletagmanager.com/gtag/js?id=" + m[1])
	}
	if pixelInit.MatchString(s) {
		r.load("https://connect.facebook.net/en_US/fbevents.js")
	}
}

// segmentSettings are what Segment's library asks for first: what it hands events on to, and by whom that is done.
type segmentSettings struct {
	Integrations map[string]struct {
		Type            string
		VersionSettings struct{ ComponentTypes []string }
	}
	RemotePlugins []struct{ Name, CreationName string }
}

// readSegment notes what is loaded in the browser; what Segment's servers hand on to others no browser sees.
func readSegment(c *Container, text string) {
	var s segmentSettings
	_ = json.Unmarshal([]byte(text), &s) // as above
	for name, i := range s.Integrations {
		parts := i.VersionSettings.ComponentTypes
		if i.Type == "server" || len(parts) > 0 && !slices.Contains(parts, "browser") {
			continue
		}
		c.name(segmentName(name))
	}
	for _, p := range s.RemotePlugins {
		c.name(segmentName(p.Name))
		c.name(segmentName(p.CreationName))
	}
}

// segmentName is the service of "Actions Amplitude" and "Braze Web Mode (Actions)".
func segmentName(name string) string {
	name, _, _ = strings.Cut(name, " (")
	name = strings.TrimPrefix(name, "Actions ")
	return strings.TrimSuffix(strings.TrimSuffix(name, " Web Mode"), " Web")
}
