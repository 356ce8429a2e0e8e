package fakeweb

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"strconv"
	"strings"
)

// largest is the most that a generated body may have, in bytes: enough to go beyond every limit that trackscan sets.
const largest = 256 << 20

// onePixel is the transparent GIF of 43 bytes that counting pixels are answered with.
var onePixel = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" +
	"!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// generate makes a body of a kind, and its MIME type. Text is what the file holds.
func generate(kind string, text []byte) (body []byte, mime string, err error) {
	name, number, _ := strings.Cut(kind, ":")
	switch {
	case kind == "gif":
		return onePixel, "image/gif", nil
	case kind == "gif100":
		body, err = drawGIF(100, 100)
		return body, "image/gif", err
	case kind == "png":
		body, err = drawPNG(300, 200)
		return body, "image/png", err
	case kind == "pdf":
		return writePDF(string(text)), "application/pdf", nil
	case name == "large":
		body, err = fill(number)
		return body, "text/plain; charset=utf-8", err
	}
	return nil, "", fmt.Errorf("kind %q, want gif, gif100, png, pdf or large:N", kind)
}

func drawGIF(width, height int) ([]byte, error) {
	m := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	for x := range width {
		m.SetColorIndex(x, x*height/width, 1)
	}
	var b bytes.Buffer
	err := gif.Encode(&b, m, nil)
	return b.Bytes(), err
}

func drawPNG(width, height int) ([]byte, error) {
	m := image.NewGray(image.Rect(0, 0, width, height))
	for x := range width {
		for y := range height {
			m.SetGray(x, y, color.Gray{Y: uint8((x + y) % 256)})
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return b.Bytes(), err
}

func fill(number string) ([]byte, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > largest {
		return nil, fmt.Errorf("large:%s, want a number of bytes of at most %d", number, largest)
	}
	const row = "the quick brown fox jumps over the lazy dog and goes on\n"
	return []byte(strings.Repeat(row, n/len(row)+1)[:n]), nil
}
