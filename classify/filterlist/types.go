package filterlist

// types is a set of request types, one bit each.
type types uint16

const (
	typeDocument types = 1 << iota
	typeFrame
	typeScript
	typeStylesheet
	typeImage
	typeFont
	typeMedia
	typeObject
	typeXHR
	typePing
	typeWebSocket
	typeOther
	typePopup // windows that a page opens: no request of a page has it
)

const (
	allTypes    = typePopup - 1
	subresource = allTypes &^ typeDocument
)

// optionTypes maps the type options of a rule, in every spelling that the list makers use, to their types.
var optionTypes = map[string]types{
	"all":               allTypes,
	"beacon":            typePing,
	"css":               typeStylesheet,
	"doc":               typeDocument,
	"document":          typeDocument,
	"font":              typeFont,
	"frame":             typeFrame,
	"image":             typeImage,
	"media":             typeMedia,
	"object":            typeObject,
	"object-subrequest": typeObject,
	"other":             typeOther,
	"ping":              typePing,
	"popunder":          typePopup,
	"popup":             typePopup,
	"script":            typeScript,
	"stylesheet":        typeStylesheet,
	"subdocument":       typeFrame,
	"websocket":         typeWebSocket,
	"xhr":               typeXHR,
	"xmlhttprequest":    typeXHR,
}

// requestTypes maps the type of a request, in the words of crawler.Request, of the DevTools protocol and of browser
// extensions, to its type.
var requestTypes = map[string]types{
	"beacon":             typePing,
	"cspviolationreport": typeOther,
	"document":           typeDocument,
	"eventsource":        typeOther,
	"fetch":              typeXHR,
	"font":               typeFont,
	"frame":              typeFrame,
	"iframe":             typeFrame,
	"image":              typeImage,
	"imageset":           typeImage,
	"keepalive":          typePing,
	"main_frame":         typeDocument,
	"manifest":           typeOther,
	"media":              typeMedia,
	"object":             typeObject,
	"other":              typeOther,
	"ping":               typePing,
	"prefetch":           typeOther,
	"preflight":          typeOther,
	"script":             typeScript,
	"stylesheet":         typeStylesheet,
	"sub_frame":          typeFrame,
	"subdocument":        typeFrame,
	"texttrack":          typeOther,
	"websocket":          typeWebSocket,
	"worker":             typeScript,
	"xhr":                typeXHR,
	"xmlhttprequest":     typeXHR,
}

// typeOf returns the type of a request; a word that it does not know is "other". No word at all stands for every type
// but a document: the caller does not know what was asked for.
func typeOf(word string) types {
	if word == "" {
		return subresource
	}
	if t, ok := requestTypes[word]; ok {
		return t
	}
	if t, ok := requestTypes[lower(word)]; ok {
		return t
	}
	return typeOther
}

// methods is a set of HTTP methods, one bit each.
type methods uint16

var methodBits = map[string]methods{
	"connect": 1 << 0,
	"delete":  1 << 1,
	"get":     1 << 2,
	"head":    1 << 3,
	"options": 1 << 4,
	"patch":   1 << 5,
	"post":    1 << 6,
	"put":     1 << 7,
}
