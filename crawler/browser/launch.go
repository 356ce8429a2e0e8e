package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/remote"

	"trackscan/crawler"
)

// errLost is the cause of every command that was under way when the browser died.
var errLost = errors.New("lost the connection to the browser")

// launchTimeout is how long a browser may take to come up: 20 times what a loaded two-core machine needs.
const launchTimeout = 30 * time.Second

// preferences are written to a fresh profile before the launch. Chromium refuses third-party cookies by default, in
// created browser contexts too, and only this preference allows them (measured with Chromium 156): a scanner that
// does not see them is blind to most of what it is for. WebRTC may not go round the proxy of a visit.
const preferences = `{"profile":{"cookie_controls_mode":0,"block_third_party_cookies":false},` +
	`"tracking_protection":{"tracking_protection_3pcd_enabled":false},` +
	`"webrtc":{"ip_handling_policy":"disable_non_proxied_udp"}}`

// chrome is one running browser process, or a connection to somebody else's.
type chrome struct {
	cancel func() // ends the process, waits for it and removes its profile
	tap    *tap
	root   *session // the browser itself
	port   string   // "host:port" that it is driven through
	given  crawler.Credentials

	mu     sync.Mutex
	visits map[cdp.BrowserContextID]*visit
	stages map[cdp.BrowserContextID]chan target.SessionID // contexts whose next tab is no visit's, see stage
}

// dead reports whether the connection to the browser is gone.
func (c *chrome) dead() bool {
	c.tap.mu.Lock()
	defer c.tap.mu.Unlock()
	return c.tap.closed != nil
}

// enter gives the targets of v's browser context to v.
func (c *chrome) enter(v *visit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.visits[v.context] = v
}

func (c *chrome) leave(v *visit) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.visits, v.context)
}

// start launches the browser at path, or connects to it when path is a ws:// address.
func start(path string, o Options) (*chrome, error) {
	var (
		t    *tap
		port string
	)
	dial := func(ctx context.Context, url string) (chromedp.Transport, error) {
		port = portOf(url)
		conn, err := remote.DialContext(ctx, url)
		if err != nil {
			return nil, err
		}
		t = newTap(conn)
		return t, nil
	}
	allocator, cancelAllocator := allocate(path, o, dial)
	quiet := func(string, ...any) {}
	ctx, cancelContext := chromedp.NewContext(allocator, chromedp.WithErrorf(quiet), chromedp.WithLogf(quiet))
	cancel := func() {
		cancelContext()
		cancelAllocator()
	}
	if err := comeUp(ctx); err != nil {
		cancel()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	c := &chrome{cancel: cancel, tap: t, port: port, given: o.Credentials, visits: map[cdp.BrowserContextID]*visit{}, stages: map[cdp.BrowserContextID]chan target.SessionID{}}
	if err := c.watch(ctx); err != nil {
		cancel()
		return nil, err
	}
	return c, nil
}

// portOf is the "host:port" of a ws:// address.
func portOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// comeUp starts the browser of ctx. The time limit must not be ctx's own: the browser would end with it.
func comeUp(ctx context.Context) error {
	up := make(chan error, 1)
	go func() { up <- chromedp.Do(ctx) }()
	select {
	case err := <-up:
		return err
	case <-time.After(launchTimeout):
		return fmt.Errorf("no answer within %v", launchTimeout)
	}
}

func allocate(path string, o Options, dial chromedp.Dialer) (context.Context, context.CancelFunc) {
	if isRemote(path) {
		lifetime, disconnect := context.WithCancel(context.Background())
		ctx, cancel := chromedp.NewAllocatorContext(lifetime, &attached{ctx: lifetime, url: path, dial: dial})
		return ctx, func() { cancel(); disconnect() }
	}
	tidy(os.TempDir())
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.WithDialer(dial),
		chromedp.WSURLReadTimeout(launchTimeout),
		chromedp.ModifyCmdFunc(prepare),
	}
	for _, f := range flags(o) {
		options = append(options, chromedp.Flag(f.name, f.value))
	}
	return chromedp.NewExecAllocator(context.Background(), options...)
}

func isRemote(path string) bool {
	return strings.HasPrefix(path, "ws://") || strings.HasPrefix(path, "wss://")
}

type flag struct {
	name  string
	value any
}

// flags are what the browser is started with: a plain Chrome that nothing distracts, without the tells of automation
// (chromedp's own list has enable-automation, which makes consent managers and trackers fall silent).
func flags(o Options) []flag {
	list := []flag{
		{"headless", "new"},
		{"no-first-run", true},
		{"no-default-browser-check", true},
		{"disable-extensions", true}, // an ad blocker inside the scanner makes every site look clean
		{"disable-background-networking", true},
		{"disable-component-update", true},
		// What is left of the calls to the browser's maker leads nowhere: only the site and its third parties hear of us.
		{"gaia-url", "http://127.0.0.1:1"},
		{"google-apis-url", "http://127.0.0.1:1"},
		{"component-updater", "url-source=http://127.0.0.1:1"},
		{"variations-server-url", "http://127.0.0.1:1"},
		{"disable-default-apps", true},
		{"disable-sync", true},
		{"disable-breakpad", true},
		{"disable-domain-reliability", true},
		{"disable-client-side-phishing-detection", true},
		{"disable-dev-shm-usage", true},
		{"disable-hang-monitor", true},
		{"disable-popup-blocking", true},
		{"disable-prompt-on-repost", true},
		{"disable-background-timer-throttling", true},
		{"disable-backgrounding-occluded-windows", true},
		{"disable-renderer-backgrounding", true},
		{"metrics-recording-only", true},
		{"mute-audio", true},
		{"disable-gpu", true},
		{"password-store", "basic"},
		{"use-mock-keychain", true},
		{"force-color-profile", "srgb"},
		{"disable-blink-features", "AutomationControlled"},
		// The two omnibox features start hidden pages of their own with every window, half of the CPU of a visit, and
		// the spare renderer is a process that no visit uses, a seventh of it. A sandboxed frame in a process of its
		// own runs before it can be watched.
		{"disable-features", "Translate,SpareRendererForSitePerProcess,WebUIOmniboxPopup,WebUIOmniboxAimPopup,MediaRouter,OptimizationHints,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LocalNetworkAccessChecks,IsolateSandboxedIframes,AutofillServerCommunication,NetworkTimeServiceQuerying"},
	}
	if o.Insecure {
		list = append(list, flag{"ignore-certificate-errors", true})
	}
	return list
}

// prepare writes the profile's preferences before the process starts, keeps the terminal's signals away from it, and has
// it put its temporary files into the profile's folder, which goes when the process goes.
func prepare(cmd *exec.Cmd) {
	ownGroup(cmd)
	for _, arg := range cmd.Args {
		if dir, ok := strings.CutPrefix(arg, "--user-data-dir="); ok {
			cmd.Env = append(cmd.Env, "TMPDIR="+dir)
			own(dir)
			profile := filepath.Join(dir, "Default")
			// A failure shows in the probe: third-party cookies are reported as refused.
			if os.MkdirAll(profile, 0o700) == nil {
				_ = os.WriteFile(filepath.Join(profile, "Preferences"), []byte(preferences), 0o600)
			}
		}
	}
}
