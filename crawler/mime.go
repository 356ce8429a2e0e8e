package crawler

import (
	"net/url"
	"path"
	"strings"
)

// isDocumentMIME reports whether a browser shows an answer of this type as a page. An unknown type is given the
// benefit of the doubt: servers that send none mostly mean HTML. Plain text is shown, but can load nothing.
func isDocumentMIME(mime string) bool {
	switch strings.ToLower(strings.TrimSpace(mime)) {
	case "", "text/html", "application/xhtml+xml", "application/xhtml", "unknown/unknown",
		"application/vnd.wap.xhtml+xml", "*/*", "text", "html":
		return true
	default:
		return false
	}
}

// isDownloadLead reports whether a static fetch brought something that is no page. The type of an error tells nothing:
// those who block strange visitors answer them with anything.
func isDownloadLead(lead Lead) bool {
	return lead.Err == nil && lead.Status < 400 && !isDocumentMIME(lead.MIME)
}

// isDownload reports whether the name of a file tells that it is no page: a document, an image, an archive, a feed.
func isDownload(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	return downloadExtensions[strings.ToLower(strings.TrimPrefix(path.Ext(u.Path), "."))]
}

var downloadExtensions = set(
	"pdf", "ps", "eps", "doc", "docx", "odt", "rtf", "xls", "xlsx", "ods", "csv", "tsv", "ppt", "pptx", "odp", "epub",
	"mobi", "pages", "numbers", "key", "txt", "md", "ics", "vcf", "tex",
	"jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "svgz", "ico", "bmp", "tif", "tiff", "heic", "psd", "ai",
	"mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "aac", "mp4", "m4v", "webm", "mov", "avi", "mkv", "wmv", "flv",
	"ogv", "mpg", "mpeg", "3gp", "m3u8", "mpd", "ts", "vtt", "srt",
	"zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "war", "iso", "dmg", "img", "exe", "msi", "apk",
	"ipa", "deb", "rpm", "appimage", "bin", "dll", "pkg", "torrent", "crx", "xpi",
	"css", "js", "mjs", "cjs", "map", "json", "jsonld", "webmanifest", "xml", "xsl", "xsd", "rss", "atom", "rdf", "wasm",
	"yaml", "yml", "sql", "log", "woff", "woff2", "ttf", "otf", "eot", "glb", "gltf", "stl", "kml", "gpx", "swf",
)

// isAction reports whether an address is there to do something, not to show something: leaving an account, filling a
// basket. Following it would change the site or end the visitor's session.
func isAction(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	last := strings.ToLower(path.Base(u.Path))
	last = strings.TrimSuffix(last, path.Ext(last))
	if actionPaths[last] {
		return true
	}
	for name, values := range u.Query() {
		name = strings.ToLower(name)
		if actionParameters[name] || name == "action" && actionPaths[strings.ToLower(values[0])] {
			return true
		}
	}
	return false
}

var (
	actionPaths = set("logout", "log-out", "log_out", "signout", "sign-out", "sign_out", "logoff", "abmelden", "ausloggen",
		"deconnexion", "cerrar-sesion", "esci", "uitloggen", "wyloguj", "logga-ut", "log-ud", "add-to-cart", "unsubscribe")
	actionParameters = set("add-to-cart", "add_to_cart", "remove_item", "add_to_wishlist", "logout", "replytocom")
)
