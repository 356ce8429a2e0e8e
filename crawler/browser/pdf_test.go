package browser_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/require"

	"trackscan/crawler/browser"
)

func TestPrintPDF(t *testing.T) {
	page := `<!doctype html><html lang="en"><title>Report</title><style>p{page-break-after:always}</style><p>First page</p><p>Zweite Seite – äöü</p><p>last</p></html>`
	out, err := browser.PrintPDF(t.Context(), testPath, []byte(page))
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(out, []byte("%PDF-")))
	r, err := pdf.NewReader(bytes.NewReader(out), int64(len(out)))
	require.NoError(t, err)
	require.GreaterOrEqual(t, r.NumPage(), 3)
	text, err := r.GetPlainText()
	require.NoError(t, err)
	var all bytes.Buffer
	_, err = all.ReadFrom(text)
	require.NoError(t, err)
	for _, want := range []string{"First page", "äöü", "last"} {
		require.Contains(t, strings.ReplaceAll(all.String(), "\n", ""), want)
	}
}

func TestPrintPDFWithoutBrowser(t *testing.T) {
	_, err := browser.PrintPDF(t.Context(), "/nowhere/chrome", []byte("x"))
	require.ErrorContains(t, err, "/nowhere/chrome")
}

func TestPrintPDFEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := browser.PrintPDF(ctx, testPath, []byte("x"))
	require.Error(t, err)
}
