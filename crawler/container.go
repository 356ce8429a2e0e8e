package crawler

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Container is what a tag manager has loaded for a site: the list of what it may load in turn, whether it did or not.
// Of its text nothing is kept but what tells whose services are meant.
type Container struct {
	Manager    string   `json:"manager"`      // gtm, gtag, segment, tealium, launch; PageCode for none
	ID         string   `json:"id,omitempty"` // "GTM-ABC123", as the manager's users know it
	URL        string   `json:"url"`
	Party      Party    `json:"party"`
	Initiators []string `json:"initiators"`      // who led to it: the page first, the container last
	Loads      []string `json:"loads,omitempty"` // addresses of scripts and pixels, without values, sorted
	Names      []string `json:"names,omitempty"` // services that it calls by name, sorted
}

// PageCode is the Manager of what the code of a page itself starts.
const PageCode = "code"

// managers tell containers by where they lie or by what is in them, and read them. A container that lies with the site
// itself keeps the end of its path, or at least its text.
var managers = []struct {
	name string
	path *regexp.Regexp // with the ID as its last group, if it has one
	text string         // that no script but the manager's own has
	read func(c *Container, text string)
}{
	{"gtm", regexp.MustCompile(`/gtm\.js$`), "google_tag_manager", readGTM},
	{"gtag", regexp.MustCompile(`/gtag/js$`), "", readGTM},
	{"segment", settingsPath, "", readSegment},
	{"tealium", regexp.MustCompile(`(?:/utag/([^/]+/[^/]+)/.*)?/utag(?:\.\d+)?\.js$`), "utag.loader", readTealium},
	{"launch", regexp.MustCompile(`/(launch-[^/]+?)(?:\.min)?\.js$`), "_satellite.container", readLaunch},
}

// settingsPath is that of what Segment's library reads first.
var settingsPath = regexp.MustCompile(`/v1/projects/([^/]+)/settings$`)

// IsSettings reports whether an address may be that of a container that is no script.
func IsSettings(address string) bool {
	path, _, _ := strings.Cut(address, "?")
	return settingsPath.MatchString(path)
}

// Bounds of what is kept of one container; the largest that were seen name about a hundred services.
const (
	maxLoads       = 300
	maxLoadBytes   = 200
	maxServiceName = 80
)

// ReadContainer reads a container, nil when it is none or says nothing. It keeps no part of text.
func ReadContainer(address, text string) *Container {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	for _, m := range managers {
		at := m.path.FindStringSubmatch(u.Path)
		if at == nil && (m.text == "" || !strings.Contains(text, m.text)) {
			continue
		}
		c := &Container{Manager: m.name, URL: Redact(address)}
		if len(at) > 1 {
			c.ID = strings.Clone(at[1])
		}
		if id := u.Query().Get("id"); isTagID(id) {
			c.ID = id
		}
		if m.read(c, text); len(c.Loads)+len(c.Names) > 0 {
			slices.Sort(c.Loads)
			slices.Sort(c.Names)
			return c
		}
		return nil
	}
	return nil
}

// tagStart starts a tag of Google's: gtag('config', 'G-ABC123').
var tagStart = regexp.MustCompile(`gtag\(\s*["']config["']\s*,\s*["']([A-Z]+-[A-Z0-9-]+)["']`)

// ReadCode reads which tags of Google's the code of a page starts once their library is there, nil when it starts none. It
// keeps no part of text.
func ReadCode(address, text string) *Container {
	c := &Container{Manager: PageCode, URL: Redact(address)}
	for _, m := range tagStart.FindAllStringSubmatch(text, maxLoads) {
		_, number, _ := strings.Cut(m[1], "-")
		if isTagID(m[1]) && strings.Trim(number, "XY-") != "" { // G-XXXXXXX and UA-XXXXX-Y are examples that nobody filled in
			c.load("https://www.googletagmanager.com/gtag/js?id=" + m[1])
		}
	}
	if len(c.Loads) == 0 {
		return nil
	}
	slices.Sort(c.Loads)
	return c
}

// load notes an address that the container may ask for.
func (c *Container) load(address string) {
	if len(address) <= maxLoadBytes && len(c.Loads) < maxLoads && !slices.Contains(c.Loads, address) {
		c.Loads = append(c.Loads, strings.Clone(address))
	}
}

// name notes a service.
func (c *Container) name(service string) {
	if service != "" && len(service) <= maxServiceName && len(c.Names) < maxLoads && !slices.Contains(c.Names, service) {
		c.Names = append(c.Names, strings.Clone(service))
	}
}

// pixelInit starts the Meta Pixel, whose loader may stand elsewhere.
var pixelInit = regexp.MustCompile(`fbq\(\s*\\?["']init\\?["']\s*,\s*\\?["']\d{6,}`)

// readText notes the addresses that stand in the strings of a script: of hosts with a path, and not in links. What
// compares an address, of a search engine say, has no path.
func readText(c *Container, text string) {
	text = strings.ReplaceAll(text, `\/`, "/")
	for {
		before, rest, found := strings.Cut(text, "//")
		if !found {
			break
		}
		text = rest
		if !begins(before) {
			continue
		}
		address := rest[:min(len(rest), maxLoadBytes-len("https://"))]
		if end := strings.IndexAny(address, "\"'`<>()\\ \t\r\n?#;,"); end >= 0 {
			address = address[:end]
		}
		if host, path, _ := strings.Cut(address, "/"); path != "" && isHostName(host) {
			c.load("https://" + address)
		}
	}
}

// begins reports whether an address begins where before ends, with its scheme or without.
func begins(before string) bool {
	before = strings.TrimSuffix(strings.TrimSuffix(before, "https:"), "http:")
	if before == "" || !strings.ContainsRune("\"'`=(", rune(before[len(before)-1])) {
		return false
	}
	before = strings.TrimRight(before[max(0, len(before)-12):], "\"'`\\")
	return !strings.HasSuffix(before, "href=") && !strings.HasSuffix(before, `href\x3d`)
}

// isHostName: "connect.facebook.net".
func isHostName(s string) bool {
	name := strings.ToLower(s)
	return strings.Contains(name, ".") && madeOf(name, "abcdefghijklmnopqrstuvwxyz"+digits+".-") &&
		!strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".") && !madeOf(name, digits+".")
}

// tealiumTags is what tags of Tealium's are made to load, by the numbers of their templates, as the code of the templates
// itself tells.
var tealiumTags = map[string]string{
	"1157":  "https://track.adform.net/Serving/TrackPoint/",
	"4049":  "https://fls.doubleclick.net/activityi",
	"6026":  "https://connect.facebook.net/en_US/fbevents.js",
	"7110":  "https://www.google-analytics.com/analytics.js",
	"7115":  "https://www.googleadservices.com/pagead/conversion.js",
	"7117":  "https://www.googleadservices.com/pagead/conversion.js",
	"7132":  "https://www.googletagmanager.com/gtag/js?id=AW-",
	"8009":  "https://static.hotjar.com/c/hotjar-",
	"19063": "https://sc.omtrdc.net/b/ss/",
}

// tealiumTag is the number of a tag's template.
var tealiumTag = regexp.MustCompile(`\btid["']?\s*:\s*["']?(\d{4,5})\b`)

// readTealium reads Tealium's library: the tags by the numbers of their templates, and what is in them.
func readTealium(c *Container, text string) {
	for _, m := range tealiumTag.FindAllStringSubmatch(text, maxLoads) {
		if address := tealiumTags[m[1]]; address != "" {
			c.load(address)
		}
	}
	readText(c, text)
}

// extensionName is what an extension of Adobe's tags is called.
var extensionName = regexp.MustCompile(`["']?displayName["']?:["']([^"']{2,80})["'],["']?(?:hostedLibFilesBaseUrl|modules|settings)`)

// readLaunch reads a library of Adobe's tags: the extensions by name, and what is in them.
func readLaunch(c *Container, text string) {
	for _, m := range extensionName.FindAllStringSubmatch(text, maxLoads) {
		c.name(m[1])
	}
	readText(c, text)
}
