package fakewebtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler/fakeweb"
	"trackscan/crawler/fakeweb/fakewebtest"
)

func TestCheckFindsFaults(t *testing.T) {
	for name, c := range map[string]struct{ archive, want string }{
		"dead link":          {`<a href="/gone?x=1">x</a>`, "https://a.test/index.html: link to https://a.test/gone?x=1, which is not there"},
		"broken link":        {`<a href="https://%zz/">x</a>`, "invalid URL escape"},
		"missing script":     {`<script src="https://b.test/x.js"></script>`, "loads https://b.test/x.js"},
		"missing image":      {`<img src="/x.gif">`, "loads https://a.test/x.gif"},
		"missing frame":      {`<iframe src="//c.test/"></iframe>`, "loads https://c.test/"},
		"missing sheet":      {`<link rel="stylesheet" href="/x.css">`, "loads https://a.test/x.css"},
		"host in a script":   {`<script>fetch("https://c.test/"+id)</script>`, "a script names c.test"},
		"socket in a script": {`<script>new WebSocket("wss://c.test/")</script>`, "a script names c.test"},
		"image in a style":   {`<style>p { background: url('x.gif') }</style>`, "loads https://a.test/x.gif"},
		"import in a style":  {`<style>@import "x.css";</style>`, "loads https://a.test/x.css"},
	} {
		t.Run(name, func(t *testing.T) {
			faults := fakewebtest.Check(parse(t, "-- a.test/index.html --\n"+c.archive+"\n"))
			require.Len(t, faults, 1)
			require.Contains(t, faults[0], c.want)
		})
	}
}

func TestCheckAllows(t *testing.T) {
	faults := fakewebtest.Check(parse(t, `
-- notes.missing --
a.test/not-there.png
-- a.test/index.html --
<a href="https://elsewhere.example/">out</a> <a href="mailto:a@a.test">mail</a> <a href="/x.js?v=1#top">in</a>
<link rel="canonical" href="https://elsewhere.example/">
<img src="/not-there.png"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<style>@import url("x.css");</style>
-- a.test/x.js --
fetch("https://a.test/anything");
-- a.test/x.css --
p { color: red }
`))
	require.Empty(t, faults)
}

func TestCheckFindsWhatIsNotMissing(t *testing.T) {
	faults := fakewebtest.Check(parse(t, "-- notes.missing --\na.test/x.txt\n-- a.test/x.txt --\n"))
	require.Equal(t, []string{"notes.missing: a.test/x.txt is there"}, faults)
}

func parse(t *testing.T, archive string) *fakeweb.Web {
	t.Helper()
	web, err := fakeweb.Parse([]byte(archive))
	require.NoError(t, err)
	return web
}
