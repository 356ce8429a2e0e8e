package policy

import (
	"fmt"
	"sync"

	"trackscan/classify"
	"trackscan/crawler"
)

// Reader reads policies. The zero value knows no vendor by name and still recognises those that a policy's tables and
// sentences introduce. A Reader is safe for concurrent use; Vendors must not change after the first Read.
type Reader struct {
	Vendors []classify.Vendor // whose names are to be found in sentences

	once  sync.Once
	index *vendorIndex
	err   error
}

// Read reads the documents of one site and merges what they declare. Offsets and quotes refer to each document decoded
// to UTF-8 (of a PDF: to its text); the URL of each quote is set when there is more than one document. It fails when a
// document cannot be read at all, such as a broken PDF; a document that is no policy is no error, but IsPolicy false.
func (r *Reader) Read(docs ...crawler.Document) (classify.Policy, error) {
	r.once.Do(r.prepare)
	if r.err != nil {
		return classify.Policy{}, r.err
	}
	all, err := lexicons()
	if err != nil {
		return classify.Policy{}, err
	}
	read := make([]classify.Policy, 0, len(docs))
	for _, doc := range docs {
		p, err := r.readOne(doc, all)
		if err != nil {
			return classify.Policy{}, fmt.Errorf("read policy %s: %w", doc.URL, err)
		}
		read = append(read, p)
	}
	return merge(read), nil
}

func (r *Reader) prepare() {
	_, r.err = lexicons()
	r.index = newVendorIndex(r.Vendors)
}

func (r *Reader) readOne(doc crawler.Document, all map[string]*lexicon) (classify.Policy, error) {
	src, blocks, title, err := blocksOf(doc)
	if err != nil {
		return classify.Policy{}, err
	}
	d := newDocument(doc.URL, src, blocks, title, r.index, all)
	return d.read(), nil
}

// blocksOf decodes a document and reads its syntax. The text that it returns is what offsets refer to.
func blocksOf(doc crawler.Document) (src string, blocks []block, title text, err error) {
	var b *builder
	switch formatOf(doc) {
	case formatPDF:
		if src, err = textOfPDF(doc.Bytes); err != nil {
			return "", nil, text{}, err
		}
		b = readMarkdown(src)
	case formatHTML:
		src = decode(doc)
		b = readHTML(withoutTemplates(src))
	case formatData:
		src = decode(doc)
		b = readData(src)
	default:
		src = decode(doc)
		b = readMarkdown(withoutTemplates(src))
	}
	return src, b.blocks, b.title, nil
}

// Text returns what offsets of quotes refer to: the document decoded to UTF-8, or the text of a PDF.
func Text(doc crawler.Document) (string, error) {
	if formatOf(doc) == formatPDF {
		return textOfPDF(doc.Bytes)
	}
	return decode(doc), nil
}
