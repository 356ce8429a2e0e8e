package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// axe is the reference of what people can perceive and operate, pinned.
const axe = "axe-core@4.14.1"

// looks are the ways in which a page is looked at.
var looks = []struct {
	name, scheme  string
	width, height int64
}{
	{"light", "light", 1280, 900},
	{"dark", "dark", 1280, 900},
	{"phone", "light", 375, 800},
	{"phone-dark", "dark", 375, 800},
}

// Every state of the report, light and dark, wide and on a phone, opened in the real browser: axe-core finds nothing,
// nothing is wider than the window, and nothing is asked of the network. TRACKSCAN_PICTURES names a folder for pictures
// of all of it, for people to look at.
func TestReportInBrowser(t *testing.T) {
	source := axeSource(t)
	ctx := chrome(t)
	dir := t.TempDir()
	states := append(judgedScans(), crowdedShop(40, 40))
	for _, j := range states {
		file := filepath.Join(dir, j.name+".html")
		require.NoError(t, os.WriteFile(file, write(t, mustFormat(t, "html"), j.report(), Style{}), 0o600))
		for _, look := range looks {
			t.Run(j.name+" "+look.name, func(t *testing.T) {
				show := chromedp.Steps(
					chromedp.EmulateViewport(look.width, look.height), prefers(look.scheme), chromedp.Navigate("file://"+file),
				)
				require.NoError(t, chromedp.Do(ctx, show))
				photograph(t, ctx, j.name+"-"+look.name)
				requireAccessible(t, ctx, source)
				width, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.scrollingElement.scrollWidth`))
				require.NoError(t, err)
				require.LessOrEqual(t, width, look.width, "wider than the window")
				asked, err := chromedp.Run(ctx, chromedp.Evaluate[int](`performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')).length`))
				require.NoError(t, err)
				require.Zero(t, asked)
			})
		}
	}
}

// chrome starts a browser for the test.
func chrome(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		skipWithout(t, "no chromium: the report is not looked at")
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox,
		chromedp.Flag("disable-extensions", true), chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func prefers(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// photograph keeps a picture of the whole page where somebody wants to look at it.
func photograph(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("TRACKSCAN_PICTURES")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644))
}

// requireAccessible opens everything that is folded and asks axe-core.
func requireAccessible(t *testing.T, ctx context.Context, source string) {
	t.Helper()
	open := chromedp.Evaluate[int](`(() => { const all = [...document.querySelectorAll('details')]; all.forEach(d => d.open = true); return all.length })()`)
	_, err := chromedp.Run(ctx, open)
	require.NoError(t, err)
	_, err = chromedp.Run(ctx, chromedp.Evaluate[string](source+"; 'loaded'"))
	require.NoError(t, err)
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](
		`axe.run(document, {preload: false, resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + (n.failureSummary || ''))}))))`,
		chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	var violations []any
	require.NoError(t, json.Unmarshal([]byte(text), &violations))
	require.Empty(t, violations)
}

// axeSource is axe-core as npm brings it into a cache folder; it is never part of the project.
func axeSource(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		skipWithout(t, "npm is missing: axe-core is not asked")
	}
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	dir := filepath.Join(cache, "trackscan-test", axe)
	file := filepath.Join(dir, "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(file); err != nil {
		require.NoError(t, os.MkdirAll(dir, 0o755))
		out, err := exec.Command("npm", "install", "--prefix", dir, "--no-save", "--no-audit", "--no-fund", axe).CombinedOutput()
		if err != nil {
			skipWithout(t, fmt.Sprintf("axe-core cannot be installed: %s", out))
		}
	}
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(source)
}

// skipWithout skips a test that needs what is not there, unless everything is required.
func skipWithout(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("TRACKSCAN_REQUIRE") == "all" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// Every hostile name, opened in the real browser: nothing of it runs, nothing is asked for, nothing leads away.
func TestHostileHTMLInBrowser(t *testing.T) {
	ctx := chrome(t)
	file := filepath.Join(t.TempDir(), "hostile.html")
	open := func(page []byte) string {
		require.NoError(t, os.WriteFile(file, page, 0o600))
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate("file://"+file)))
		found, err := chromedp.Run(ctx, chromedp.Evaluate[string](inventorySource))
		require.NoError(t, err, "an alert would hold the page")
		return found
	}
	clean := open(write(t, mustFormat(t, "html"), richShop().report(), Style{}))
	eachHostile(t, func(t *testing.T, r poisonedReport) { require.Equal(t, clean, open(r.as(t, "html"))) })
}

// inventorySource lists what could act in a document: scripts, handlers, requests, frames, bases, forms, and links to
// anything but the web. Of a report it is always the same.
const inventorySource = `JSON.stringify({
	at: location.pathname.endsWith('/hostile.html'),
	acting: document.querySelectorAll('script, iframe, object, embed, base, form, link, img, svg script, meta[http-equiv=refresh]').length,
	handlers: [...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on'))).length,
	links: [...document.links].filter((a) => !/^(https?|file):/.test(a.protocol + '')).length,
	asked: performance.getEntriesByType('resource').filter((r) => !r.name.startsWith('data:')).length,
})`
