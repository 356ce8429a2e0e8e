package policy

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readHTML reads a page into blocks in one pass over its tokens: no tree, so nesting costs nothing.
func readHTML(src string) *builder {
	b := newBuilder(src)
	p := htmlReader{builder: b}
	z := html.NewTokenizer(strings.NewReader(src))
	for at := 0; ; {
		tt := z.Next()
		if tt == html.ErrorToken {
			break
		}
		end := min(at+len(z.Raw()), len(src))
		p.token(z, tt, at, end)
		at = end
	}
	b.done()
	return b
}

// htmlReader turns tags into blocks; readMarkdown uses it too, for tags inside Markdown.
type htmlReader struct {
	*builder
	hidden  atom.Atom // inside an element that nobody reads
	nesting int       // of the hidden element in itself
	inTitle bool
	pre     bool
}

func (p *htmlReader) token(z *html.Tokenizer, tt html.TokenType, at, end int) {
	switch tt {
	case html.TextToken:
		p.plain(at, end)
	case html.StartTagToken, html.SelfClosingTagToken:
		name, more := z.TagName()
		p.open(atom.Lookup(name), attributes(z, more), at, tt == html.SelfClosingTagToken)
	case html.EndTagToken:
		name, _ := z.TagName()
		p.close(atom.Lookup(name), end)
	}
}

// tagAttributes are the few attributes that matter.
type tagAttributes struct {
	href             string
	colspan, rowspan int
}

func attributes(z *html.Tokenizer, more bool) tagAttributes {
	a := tagAttributes{colspan: 1, rowspan: 1}
	for n := 0; more && n < 64; n++ {
		var key, val []byte
		key, val, more = z.TagAttr()
		switch string(key) {
		case "href":
			a.href = string(val)
		case "colspan", "colSpan":
			a.colspan = number(val)
		case "rowspan", "rowSpan":
			a.rowspan = number(val)
		}
	}
	return a
}

func number(val []byte) int {
	n, err := strconv.Atoi(strings.TrimSpace(string(val)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxSpan)
}

func (p *htmlReader) plain(at, end int) {
	switch {
	case p.hidden != 0:
	case p.inTitle:
		p.add(at, end, true)
	case p.pre:
		p.lines(at, end)
	default:
		p.add(at, end, true)
	}
}

func (p *htmlReader) lines(at, end int) {
	for at < end {
		stop := strings.IndexByte(p.src[at:end], '\n')
		if stop < 0 {
			p.add(at, end, true)
			return
		}
		p.add(at, at+stop, true)
		p.newline(at + stop)
		at += stop + 1
	}
}

func (p *htmlReader) open(tag atom.Atom, a tagAttributes, at int, selfClosing bool) {
	if p.hidden != 0 {
		if tag == p.hidden && !selfClosing {
			p.nesting++
		}
		return
	}
	switch tag {
	case atom.Script, atom.Noscript, atom.Style, atom.Template, atom.Svg, atom.Nav, atom.Select, atom.Iframe, atom.Object, atom.Math, atom.Noframes, atom.Textarea:
		if !selfClosing {
			p.hidden, p.nesting = tag, 1
		}
	case atom.Title:
		p.flush()
		p.inTitle = true
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		p.start(heading, int(tag.String()[1]-'0'))
	case atom.Summary, atom.Legend, atom.Figcaption:
		p.start(heading, 6)
	case atom.Ul, atom.Ol, atom.Menu, atom.Dl:
		p.openList()
	case atom.Li:
		p.start(item, max(p.depth, 1))
	case atom.Dt:
		p.start(item, max(p.depth, 1))
		p.begin(bold, "")
	case atom.Dd:
		p.finish(bold)
		p.newline(at)
	case atom.Br:
		p.newline(at)
	case atom.Pre:
		p.flush()
		p.pre = true
	case atom.B, atom.Strong:
		p.begin(bold, "")
	case atom.Code, atom.Kbd, atom.Tt, atom.Samp:
		p.begin(code, "")
	case atom.A:
		p.begin(link, a.href)
	default:
		p.openStructure(tag, a, at)
	}
}

func (p *htmlReader) openStructure(tag atom.Atom, a tagAttributes, at int) {
	switch tag {
	case atom.Table:
		p.openTable()
	case atom.Caption:
		if t := p.current(); t != nil {
			p.flush()
			t.caption = true
		}
	case atom.Tr:
		p.openRow(at)
	case atom.Td, atom.Th:
		p.openCell(cell{head: tag == atom.Th, col: a.colspan, down: a.rowspan}, at)
	case atom.Thead, atom.Tbody, atom.Tfoot:
		p.closeRow(at)
	default:
		if isBlock(tag) {
			p.flushKeepingItem()
		}
	}
}

// flushKeepingItem ends a block; a paragraph that opens a list item stays that item.
func (p *htmlReader) flushKeepingItem() {
	if p.empty() && p.kind != paragraph {
		return
	}
	p.flush()
}

func isBlock(tag atom.Atom) bool {
	switch tag {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Body,
		atom.Head, atom.Html, atom.Form, atom.Fieldset, atom.Blockquote, atom.Address, atom.Details, atom.Hr,
		atom.Button, atom.Figure, atom.Center, atom.Label, atom.Input:
		return true
	}
	return false
}

func (p *htmlReader) close(tag atom.Atom, end int) {
	if p.hidden != 0 {
		if tag == p.hidden {
			if p.nesting--; p.nesting == 0 {
				p.hidden = 0
			}
		}
		return
	}
	switch tag {
	case atom.Title:
		if p.inTitle {
			p.inTitle, p.title = false, p.take()
		}
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Summary, atom.Legend, atom.Figcaption, atom.Li, atom.Dt:
		p.closeText(tag)
	case atom.Dd:
		p.flush()
	case atom.Ul, atom.Ol, atom.Menu, atom.Dl:
		p.closeList()
	case atom.Pre:
		p.pre = false
		p.flush()
	case atom.B, atom.Strong:
		p.finish(bold)
	case atom.Code, atom.Kbd, atom.Tt, atom.Samp:
		p.finish(code)
	case atom.A:
		p.finish(link)
	case atom.Table:
		p.closeTable(end)
	case atom.Tr:
		p.closeRow(end)
	case atom.Td, atom.Th, atom.Caption:
		p.closeCell()
	default:
		if isBlock(tag) {
			p.flush()
		}
	}
}

func (p *htmlReader) closeText(tag atom.Atom) {
	if tag == atom.Dt {
		p.finish(bold)
		p.newline(p.end)
		return
	}
	p.flush()
}
