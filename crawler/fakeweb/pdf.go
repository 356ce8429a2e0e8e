package fakeweb

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// pdfLines is how many lines of 10 points fit an A4 page with the leading of 14 points.
const pdfLines = 54

// writePDF makes a PDF that shows text, one line for each of its lines, in a font that every reader has.
func writePDF(text string) []byte {
	pages := paginate(strings.Split(strings.TrimRight(text, "\n"), "\n"))
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"}
	var kids []string
	for _, lines := range pages {
		stream := pageStream(lines)
		objects = append(objects,
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(stream), stream),
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "+
				"/Resources << /Font << /F1 3 0 R >> >> >>", len(objects)+1))
		kids = append(kids, fmt.Sprintf("%d 0 R", len(objects)))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	return assemblePDF(objects)
}

func paginate(lines []string) [][]string {
	var pages [][]string
	for len(lines) > pdfLines {
		pages = append(pages, lines[:pdfLines])
		lines = lines[pdfLines:]
	}
	return append(pages, lines)
}

func pageStream(lines []string) string {
	var b strings.Builder
	b.WriteString("BT /F1 10 Tf 14 TL 40 800 Td\n")
	escape := strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`, "\r", "")
	for _, line := range lines {
		fmt.Fprintf(&b, "(%s) Tj T*\n", escape.Replace(winAnsi(line)))
	}
	b.WriteString("ET")
	return b.String()
}

// winAnsi encodes s as the font does; what the font lacks becomes a question mark.
func winAnsi(s string) string {
	var b strings.Builder
	for _, r := range s {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			c = '?'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// assemblePDF numbers the objects from 1 and adds the cross-reference table that readers look them up in.
func assemblePDF(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}
