package crawler_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// library stands in for what follows the data in a container of Google's: it names hosts that no tag asks for.
const library = `
;/* Copyright The Closure Library Authors. */
var ba=["https://www.googleadservices.com/pagead/conversion","https://ad.doubleclick.net/activity","https://bat.bing.com/x.js"];
var id="AW-000000000";fbq('init','1234567890');`

func gtm(tags, macros, permissions string) string {
	return `// Copyright 2012 Google Inc.
(function(){
var data = {
"resource": {"version":"7","macros":[` + macros + `],
  "tags":[` + tags + `],
  "predicates":[{"function":"_cn","arg0":["macro",0],"arg1":"https://analytics.tiktok.com/i18n/pixel/events.js"}],
  "rules":[[["if",0],["add",0]]]},
"runtime":[],"permissions":{` + permissions + `}};
window.google_tag_manager={};` + library + "})()"
}

func TestReadContainer(t *testing.T) {
	const gtmURL = "https://www.googletagmanager.com/gtm.js?id=GTM-AB12CD"
	for _, tt := range []struct {
		name, url, text string
		id              string
		loads, names    []string
	}{
		{
			name: "types of tags", url: gtmURL, id: "GTM-AB12CD",
			text:  gtm(`{"function":"__awct","vtp_conversionId":"123456789"},{"function":"__flc"},{"function":"__cl"}`, ``, ``),
			loads: []string{"https://fls.doubleclick.net/activityi", "https://www.googleadservices.com/pagead/conversion.js"},
		},
		{
			name: "an ID in a variable, another in one that no tag uses", url: gtmURL, id: "GTM-AB12CD",
			text: gtm(`{"function":"__googtag","vtp_tagId":["macro",1]}`,
				`{"function":"__c","vtp_value":"AW-987654321"},{"function":"__smm","vtp_defaultValue":["macro",2]},{"function":"__c","vtp_value":"G-ABCDE12345"}`, ``),
			loads: []string{"https://www.googletagmanager.com/gtag/js?id=G-ABCDE12345"},
		},
		{
			name: "variables that name each other", url: gtmURL,
			text: gtm(`{"function":"__img","vtp_url":["macro",0]}`, `{"function":"__smm","vtp_a":["macro",1]},{"function":"__smm","vtp_a":["macro",0]}`, ``),
		},
		{
			name: "HTML, with a link, a comparison and a pixel", url: gtmURL, id: "GTM-AB12CD",
			text:  gtm(`{"function":"__html","vtp_html":["template","\u003Cscript\u003E!function(b,e){}(window,document,\"script\",\"\\/\\/static.ads-twitter.com\\/uwt.js\");if(document.referrer.indexOf(\"https:\\/\\/www.bing.com\\/\")\u003E0)fbq('init','123456789012');\u003C\/script\u003E\u003Ca href=\"https:\/\/www.facebook.com\/shop\"\u003E\u003C\/a\u003E\u003Cimg src=\"https:\/\/px.ads.linkedin.com\/collect?pid=",["escape",["macro",9],12],"\"\u003E"]}`, ``, ``),
			loads: []string{"https://connect.facebook.net/en_US/fbevents.js", "https://px.ads.linkedin.com/collect", "https://static.ads-twitter.com/uwt.js"},
		},
		{
			name: "permissions of the templates that tags use", url: gtmURL, id: "GTM-AB12CD",
			text: gtm(`{"function":"__cvt_1_2","vtp_id":"7"}`, ``,
				`"__cvt_1_2":{"access_globals":{"keys":[{"key":"x","read":true}]},"inject_script":{"urls":["https:\/\/*.hotjar.com\/c\/*"]},"send_pixel":{"allowedUrls":"any"}},"__cvt_1_3":{"inject_script":{"urls":["https:\/\/bat.bing.com\/bat.js"]}}`),
			loads: []string{"https://hotjar.com/c/"},
		},
		{name: "a paused tag", url: gtmURL, text: gtm(`{"function":"__paused","vtp_originalTagType":"awct","vtp_x":"G-ABCDE12345"}`, ``, ``)},
		{name: "no tags", url: gtmURL, text: gtm(``, ``, ``)},
		{name: "cut off", url: gtmURL, text: `var data = {"resource": {"tags":[{"function":"__awct"`},
		{name: "not what it says", url: gtmURL, text: `<html>{"resource":{"tags":{"a":1},"macros":7},"permissions":[]}`},
		{
			name: "elsewhere, told by its text", url: "https://www.shop.test/js/a1.js",
			text:  gtm(`{"function":"__baut"}`, ``, ``),
			loads: []string{"https://bat.bing.com/bat.js"},
		},
		{
			name: "gtag", url: "https://www.googletagmanager.com/gtag/js?id=G-AAAAA11111&l=dataLayer", id: "G-AAAAA11111",
			text:  gtm(`{"function":"__gct","vtp_trackingId":"G-AAAAA11111"},{"function":"__gct","vtp_trackingId":"AW-123456789"}`, ``, ``),
			loads: []string{"https://www.googletagmanager.com/gtag/js?id=AW-123456789", "https://www.googletagmanager.com/gtag/js?id=G-AAAAA11111"},
		},
		{
			name: "Segment", url: "https://cdn.segment.com/v1/projects/k3Y/settings", id: "k3Y",
			text:  `{"integrations":{"Google Analytics":{},"Webhooks":{"type":"server"},"Mixpanel":{"versionSettings":{"componentTypes":["server"]}},"Braze Web Mode (Actions)":{"versionSettings":{"componentTypes":["browser"]}}},"remotePlugins":[{"name":"Actions Amplitude"}]}`,
			names: []string{"Amplitude", "Braze", "Google Analytics"},
		},
		{
			name: "Tealium", url: "https://tags.tiqcdn.com/utag/acme/main/prod/utag.js", id: "acme/main",
			text:  `/* see https://bat.bing.com/bat.js */ u.base_url = "//connect.facebook.net/en_US/fbevents.js"; u.b = "https://" + x;`,
			loads: []string{"https://connect.facebook.net/en_US/fbevents.js"},
		},
		{
			name: "Tealium, by numbers", url: "https://www.shop.test/utag.js",
			text:  `utag.loader.cfg={"7":{load:utag.cond[2],send:1,v:202408270212,wait:1,tid:8009},"9":{load:0,tid:20010},"11":{load:4,tid : "6026"}}`,
			loads: []string{"https://connect.facebook.net/en_US/fbevents.js", "https://static.hotjar.com/c/hotjar-"},
		},
		{
			name: "Adobe Launch", url: "https://assets.adobedtm.com/a1/b2/launch-c3d4.min.js", id: "launch-c3d4",
			text:  `window._satellite.container={extensions:{"facebook-pixel":{displayName:"Facebook Pixel",settings:{pixelId:"1"},modules:{a:{name:"x",displayName:"Send Page View",script:function(){l("https://connect.facebook.net/en_US/fbevents.js")}}}}}}`,
			loads: []string{"https://connect.facebook.net/en_US/fbevents.js"}, names: []string{"Facebook Pixel"},
		},
		{name: "an ordinary script", url: "https://www.shop.test/app.js", text: `load("https://connect.facebook.net/en_US/fbevents.js")`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := crawler.ReadContainer(tt.url, tt.text)
			if len(tt.loads)+len(tt.names) == 0 {
				require.Nil(t, c)
				return
			}
			require.NotNil(t, c)
			require.Equal(t, tt.id, c.ID)
			require.Equal(t, tt.loads, c.Loads)
			require.Equal(t, tt.names, c.Names)
		})
	}
}

func TestContainersAreBounded(t *testing.T) {
	c := crawler.ReadContainer("https://tags.tiqcdn.com/utag/acme/main/prod/utag.js", strings.Repeat(`"//a.test/`+strings.Repeat("x", 1000), 1000))
	require.NotNil(t, c)
	require.Len(t, c.Loads, 1)
	require.Less(t, len(c.Loads[0]), 300)
}

func FuzzReadContainer(f *testing.F) {
	f.Add(gtm(`{"function":"__html","vtp_html":["macro",0]}`, `{"function":"__c","vtp_value":"//x.test/a.js"}`, ``))
	f.Fuzz(func(t *testing.T, text string) {
		for _, url := range []string{
			"https://x.test/gtm.js?id=GTM-A", "https://x.test/v1/projects/k/settings", "https://x.test/utag/a/b/prod/utag.js", "https://x.test/launch-1.js",
		} {
			if c := crawler.ReadContainer(url, text); c != nil {
				for _, l := range c.Loads {
					require.True(t, strings.HasPrefix(l, "https://"), l)
				}
			}
		}
	})
}

func TestReadCode(t *testing.T) {
	for text, want := range map[string][]string{
		`gtag('js', new Date());gtag('config','G-ABC1234');gtag( "config", "AW-123456789" , {})`:                         {"AW-123456789", "G-ABC1234"},
		`gtag("event", "purchase", {send_to: "AW-123456789/x"})`:                                                         nil,
		`gtag('config', 'UA-XXXXX-Y'); gtag('config', 'G-XXXXXXXXXX'); gtag('config', id); gtag('config', 'G-<secret>')`: nil,
		"": nil,
	} {
		c := crawler.ReadCode("https://www.shop.test/?user=vera.moth@example.com", text)
		if want == nil {
			require.Nil(t, c, text)
			continue
		}
		for i := range want {
			want[i] = "https://www.googletagmanager.com/gtag/js?id=" + want[i]
		}
		require.Equal(t, &crawler.Container{Manager: crawler.PageCode, URL: "https://www.shop.test/?user=*", Loads: want}, c)
	}
}
