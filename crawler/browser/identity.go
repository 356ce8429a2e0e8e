package browser

import (
	"fmt"
	"strings"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
)

// identity is as whom pages are visited: a plain Chrome. With HeadlessChrome in the user agent or the client hints,
// consent managers show no banner and trackers stay silent.
type identity struct {
	userAgent string
	language  string
	platform  string // of navigator; empty for the machine's
	hints     *emulation.UserAgentMetadata
}

func newIdentity(v cdpbrowser.GetVersionResult, o Options) identity {
	userAgent := o.UserAgent
	if userAgent == "" {
		userAgent = strings.Replace(v.UserAgent, "HeadlessChrome", "Chrome", 1)
	}
	_, full, _ := strings.Cut(v.Product, "/")
	major, _, _ := strings.Cut(full, ".")
	if o.UserAgent == "" && o.Viewport.Mobile {
		// As every Chrome on Android names itself, whatever its version and the phone.
		userAgent = fmt.Sprintf("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%s.0.0.0 Mobile Safari/537.36", major)
	}
	who := identity{
		userAgent: userAgent,
		language:  o.Language,
		hints: &emulation.UserAgentMetadata{
			Brands:          brands(major, "24"),
			FullVersionList: brands(full, "24.0.0.0"),
			Platform:        platform(userAgent),
			PlatformVersion: "",
			Architecture:    "x86",
			Bitness:         "64",
			Mobile:          o.Viewport.Mobile,
		},
	}
	if o.Viewport.Mobile { // phones tell neither, and have another platform
		who.hints.Architecture, who.hints.Bitness, who.platform = "", "", "Linux armv81"
		who.hints.PlatformVersion, who.hints.Model = "14.0.0", "K"
	}
	return who
}

// brands is the list that Chrome sends, with the meaningless third entry that keeps servers from reading it literally.
func brands(version, filler string) []*emulation.UserAgentBrandVersion {
	return []*emulation.UserAgentBrandVersion{
		{Brand: "Chromium", Version: version},
		{Brand: "Google Chrome", Version: version},
		{Brand: "Not?A_Brand", Version: filler},
	}
}

func platform(userAgent string) string {
	switch {
	case strings.Contains(userAgent, "Windows"):
		return "Windows"
	case strings.Contains(userAgent, "Android"):
		return "Android"
	case strings.Contains(userAgent, "Mac OS X"):
		return "macOS"
	}
	return "Linux"
}

// override is the command parameter that makes a target present itself as this identity.
func (i identity) override() emulation.SetUserAgentOverrideParams {
	return emulation.SetUserAgentOverrideParams{
		UserAgent: i.userAgent, AcceptLanguage: i.language, UserAgentMetadata: i.hints, Platform: i.platform,
	}
}
