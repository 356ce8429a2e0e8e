package classify

import (
	"path"
	"slices"
	"strings"

	"trackscan/crawler"
)

// mailed is an address in a message, with what is known of it.
type mailed struct {
	*crawler.Remote
	message  *crawler.Message
	host     string
	third    bool // it does not belong to the sender
	known    bool
	identity Identity
}

func (n *newsletters) see(m *crawler.Message, r *crawler.Remote) *mailed {
	s := &mailed{Remote: r, message: m, host: crawler.HostOf(r.URL)}
	sender := "https://" + m.Sender + "/"
	s.third = crawler.PartyOf(sender, s.host) == crawler.Third
	s.identity, s.known = n.cat.Identify(Thing{
		Kind: KindRequest, Host: s.host, URL: r.URL, Page: sender, Type: requestTypes[r.Kind],
	})
	if f := (&found{Tracker: Tracker{Kind: KindRequest, Party: string(crawler.First)}, identity: s.identity}); !s.third && f.ownHost(sender) {
		s.known, s.identity = false, Identity{}
	}
	return s
}

// requestTypes are the types of the requests that a mail program would make, for rules of filter lists.
var requestTypes = map[crawler.RemoteKind]string{
	crawler.RemoteImage: "image", crawler.RemoteFont: "font", crawler.RemoteStyle: "stylesheet",
	crawler.RemoteMedia: "media", crawler.RemoteLink: "document",
}

// identifies reports whether the address looks made for one reader.
func (s *mailed) identifies() bool { return s.InPath || s.InQuery }

// measures reports whether the address belongs to a company that measures or advertises; social networks are linked
// and shown by their pages' numbers, which tell nothing of the reader.
func (s *mailed) measures() bool {
	return s.known && !s.identity.Benign && s.identity.Category != Social && gravity(s.identity.Category) > 0
}

// knownAddress reports whether the very address is known for measuring, not only its host.
func (s *mailed) knownAddress() bool {
	return s.measures() && (strings.Contains(s.identity.Pattern, "/") || s.identity.Source == FromFilterList)
}

// isPixel reports whether an image is there to tell that the message was opened: known for it, or too small to be seen
// and not the same for every reader. What is only hidden is often the picture for another kind of screen.
func (s *mailed) isPixel() bool {
	switch {
	case s.Kind != crawler.RemoteImage || s.known && s.identity.Benign:
		return false
	case s.knownAddress():
		return s.identity.Source != FromFilterList || s.Tiny || s.Hidden || s.identifies()
	case s.Tiny && s.third:
		return !s.isSpacer()
	case s.Tiny:
		return s.identifies()
	default:
		return s.Hidden && (s.InQuery || !s.isFile() && (s.third || s.identifies()))
	}
}

// spacers are names of the transparent pictures that hold the layout of messages apart.
var spacers = []string{"spacer", "blank", "transparent", "trans", "clear", "shim", "empty", "space", "dot", "placeholder", "1x1", "s"}

// isSpacer reports whether a tiny picture is the same for every reader: a file without parameters that is called a
// spacer, or that lies among pictures that are seen.
func (s *mailed) isSpacer() bool {
	if !s.isFile() || s.hasQuery() {
		return false
	}
	dir, file := path.Split(pathOf(s.URL))
	if slices.Contains(spacers, strings.ToLower(strings.TrimSuffix(file, path.Ext(file)))) {
		return true
	}
	return slices.ContainsFunc(s.message.Remotes, func(r crawler.Remote) bool {
		beside, _ := path.Split(pathOf(r.URL))
		return r.Kind == crawler.RemoteImage && !r.Tiny && !r.Hidden && crawler.HostOf(r.URL) == s.host && beside == dir
	})
}

func (s *mailed) hasQuery() bool { return strings.Contains(s.URL, "?") }

// isFile reports whether the address is that of a picture's file.
func (s *mailed) isFile() bool {
	return slices.Contains([]string{".gif", ".png", ".jpg", ".jpeg", ".webp", ".svg"}, strings.ToLower(path.Ext(pathOf(s.URL))))
}

// versions are parameters that number the versions of a file or sign its address; they are the same for every reader.
var versions = []string{
	"v", "ver", "version", "h", "hash", "s", "sig", "signature", "rev", "t", "ts", "etag", "md5", "w", "width", "height", "fit", "crop", "expires",
	"q", "quality", "auto", "format", "cb", "policy", "key-pair-id",
}

// isPersonal reports whether a picture that can be seen is asked for with something that tells readers apart, from
// another company. Long names in a path are mostly those of files.
func (s *mailed) isPersonal() bool {
	if !s.third || !s.InQuery || s.Kind == crawler.RemoteFont || s.Kind == crawler.RemoteStyle {
		return false
	}
	_, query, _ := strings.Cut(s.URL, "?")
	return slices.ContainsFunc(strings.Split(query, "&"), func(param string) bool {
		name, _, _ := strings.Cut(strings.ToLower(param), "=")
		return !slices.Contains(versions, name) && !strings.HasPrefix(name, "x-amz-") && !strings.HasPrefix(name, "utm_")
	})
}

// clickWords are parts of addresses that lead on to others, of the path or the first of the host.
var clickWords = []string{
	"click", "clicks", "clk", "track", "tracking", "tracker", "trk", "redirect", "redir", "lnk", "link", "links", "lt.php", "cl",
	"ls", "ctc", "cts", "ct", "e2t", "e3t", "ctrk", "click.php", "redirect.php", "url", "go",
}

// severalLinks is from how many links with long tokens at one host it is taken for one that all links lead through;
// messages that confirm something have one or two.
const severalLinks = 3

// followsClicks reports whether a link leads through an address that tells who clicked.
func (s *mailed) followsClicks() bool {
	switch {
	case s.Kind != crawler.RemoteLink || s.Unsubscribe:
		return false
	case s.knownAddress() && s.identity.Source != FromFilterList:
		return true
	case s.measures() && (s.InQuery || s.Long):
		return true
	case s.known && s.identity.Category == Social:
		return false
	}
	return s.identifies() && (s.hasClickWord() || s.Long && s.longLinks() >= severalLinks)
}

func (s *mailed) hasClickWord() bool {
	label, _, _ := strings.Cut(s.host, ".")
	for _, segment := range append(strings.Split(pathOf(s.URL), "/"), label) {
		if slices.Contains(clickWords, strings.ToLower(segment)) {
			return true
		}
	}
	return false
}

// longLinks counts the links with long tokens at the same host.
func (s *mailed) longLinks() (count int) {
	for _, r := range s.message.Remotes {
		if r.Kind == crawler.RemoteLink && r.Long && !r.Unsubscribe && crawler.HostOf(r.URL) == s.host {
			count += r.Count
		}
	}
	return count
}
