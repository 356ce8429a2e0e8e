package newsletter

import (
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"trackscan/crawler"
)

// tinyPixels is the largest side of an image that shows nothing to anybody. Senders write 1 and 0, some 2 or 3.
const tinyPixels = 3

// What is looked for in styles: what keeps an image from being seen, its size, and addresses.
var (
	hidden    = regexp.MustCompile(`(?i)(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0?(?:\.0+)?\s*(?:;|!|$)|mso-hide\s*:\s*all)`)
	styleSide = regexp.MustCompile(`(?i)(?:^|[;\s])(?:max-)?(width|height)\s*:\s*(\d+)(?:\.\d+)?\s*(?:px)?\s*(?:;|!|$)`)
	cssURL    = regexp.MustCompile(`(?i)(@import\s+)?(?:url\(\s*["']?([^"')\s]+)["']?\s*\)|@import\s+["']([^"']+)["'])`)
	fontFace  = regexp.MustCompile(`(?is)@font-face\s*\{[^}]*\}`)
	cssNoise  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	// outlook is markup in a conditional comment, which Outlook reads: <!--[if mso]><v:image src="..."><![endif]-->
	outlook = regexp.MustCompile(`(?is)^\[if[^\]]*\]>(.*?)(?:<!\[endif\])?$`)
)

// readHTML adds every address in a document. It reads tokens, so that no nesting costs more than its length.
func (r *reader) readHTML(text io.Reader) {
	z := html.NewTokenizer(text)
	r.tokens(z, 0)
	r.closeLink()
	if err := z.Err(); err != nil && !errors.Is(err, io.EOF) {
		r.cut(brokenPart)
	}
}

// tokens reads markup; depth counts conditional comments around it.
func (r *reader) tokens(z *html.Tokenizer, depth int) {
	z.SetMaxBuf(maxPart)
	inStyle := false
	for !r.full() {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			inStyle = t.Data == "style"
			r.element(t)
		case html.EndTagToken:
			inStyle = false
			if name, _ := z.TagName(); string(name) == "a" {
				r.closeLink()
			}
		case html.TextToken:
			text := string(z.Text())
			if inStyle {
				r.css(text)
			} else if r.link != nil {
				r.link.Unsubscribe = r.link.Unsubscribe || endsSubscription(html.UnescapeString(text))
			}
		case html.CommentToken:
			if m := outlook.FindStringSubmatch(z.Token().Data); m != nil && depth < maxDepth {
				r.tokens(html.NewTokenizer(strings.NewReader(m[1])), depth+1)
			}
		}
	}
}

// openLink begins a link, of which its text may say what it is for.
func (r *reader) openLink(raw string) {
	r.closeLink()
	if remote, ok := newRemote(crawler.RemoteLink, raw); ok {
		remote.Unsubscribe = r.ends(raw)
		r.link = &remote
	}
}

// closeLink adds the link that is open, if one is.
func (r *reader) closeLink() {
	if r.link != nil {
		r.keep(*r.link)
		r.link = nil
	}
}

// element adds the addresses of one element.
func (r *reader) element(t html.Token) {
	attr := map[string]string{}
	for _, a := range t.Attr {
		if _, twice := attr[a.Key]; !twice {
			attr[a.Key] = a.Val
		}
	}
	r.css(attr["style"])
	if b := attr["background"]; b != "" {
		r.add(crawler.RemoteImage, b)
	}
	switch t.Data {
	case "a":
		r.openLink(attr["href"])
	case "area":
		r.add(crawler.RemoteLink, attr["href"])
	case "form":
		r.add(crawler.RemoteLink, attr["action"])
	case "img", "amp-img", "amp-pixel", "amp-anim", "image", "v:image", "v:fill", "v:imagedata", "input":
		r.image(t.Data, attr)
	case "link":
		r.linked(attr)
	case "video", "audio", "source", "embed", "iframe", "track", "bgsound", "object", "script":
		for _, key := range []string{"src", "data"} {
			r.add(crawler.RemoteMedia, attr[key])
		}
		r.add(crawler.RemoteImage, attr["poster"])
		r.srcset(attr["srcset"])
	}
}

func (r *reader) image(name string, attr map[string]string) {
	for _, key := range []string{"src", "href", "o:href", "dynsrc", "lowsrc"} {
		if attr[key] == "" {
			continue
		}
		remote, ok := newRemote(crawler.RemoteImage, attr[key])
		if !ok {
			continue
		}
		remote.Tiny = name == "amp-pixel" || isTiny(attr)
		remote.Hidden = hidden.MatchString(attr["style"]) || hasAttr(attr, "hidden")
		r.keep(remote)
	}
	r.srcset(attr["srcset"])
}

func hasAttr(attr map[string]string, key string) bool {
	_, has := attr[key]
	return has
}

// isTiny reports whether both sides that are declared are tiny, or the only one that is declared is zero. What a style
// declares counts before attributes. A spacer of one by twenty pixels is not tiny.
func isTiny(attr map[string]string) bool {
	sides := map[string]int{}
	for _, key := range []string{"width", "height"} {
		if n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(attr[key]), "px")); err == nil {
			sides[key] = n
		}
	}
	for _, m := range styleSide.FindAllStringSubmatch(attr["style"], 8) {
		if n, err := strconv.Atoi(m[2]); err == nil {
			sides[strings.ToLower(m[1])] = n
		}
	}
	width, hasWidth := sides["width"]
	height, hasHeight := sides["height"]
	if hasWidth && hasHeight {
		return width <= tinyPixels && height <= tinyPixels || width == 0 || height == 0
	}
	return hasWidth && width <= 1 || hasHeight && height <= 1
}

// srcset reads "address 1x, address 2x".
func (r *reader) srcset(list string) {
	for one := range strings.SplitSeq(list, ", ") {
		if fields := strings.Fields(one); len(fields) > 0 {
			r.add(crawler.RemoteImage, strings.Trim(fields[0], ","))
		}
	}
}

func (r *reader) linked(attr map[string]string) {
	rel := strings.Fields(strings.ToLower(attr["rel"]))
	for _, word := range rel {
		switch word {
		case "stylesheet":
			r.add(crawler.RemoteStyle, attr["href"])
		case "preload", "prefetch", "icon", "prerender":
			r.add(kindOfPreload(attr["as"]), attr["href"])
		}
	}
}

func kindOfPreload(as string) crawler.RemoteKind {
	switch as {
	case "font":
		return crawler.RemoteFont
	case "style":
		return crawler.RemoteStyle
	}
	return crawler.RemoteImage
}

// css adds the addresses in a style sheet or an inline style.
func (r *reader) css(text string) {
	if !strings.Contains(text, "(") && !strings.Contains(text, "@") {
		return
	}
	text = cssNoise.ReplaceAllString(text, " ")
	for _, face := range fontFace.FindAllString(text, maxRemotes) {
		r.cssURLs(face, crawler.RemoteFont)
	}
	r.cssURLs(fontFace.ReplaceAllString(text, " "), crawler.RemoteImage)
}

func (r *reader) cssURLs(text string, kind crawler.RemoteKind) {
	for _, m := range cssURL.FindAllStringSubmatch(text, maxRemotes) {
		switch {
		case m[3] != "":
			r.add(crawler.RemoteStyle, m[3])
		case m[1] != "":
			r.add(crawler.RemoteStyle, m[2])
		default:
			r.add(kind, m[2])
		}
	}
}
