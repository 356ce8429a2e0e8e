package crawler

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	hexHash  = "b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514"
	webHash  = "tMmiiTI7IaAcPpQPFQ65uMVCWH8av9jw4cwf_F5HVRQ"
	bothHash = "tv.1~em." + webHash + "~pn." + webHash
)

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestEventsOf reads what the nine companies' pixels send, in the shapes that their tags have.
func TestEventsOf(t *testing.T) {
	mail := []string{"e-mail"}
	for name, c := range map[string]struct {
		url, body string
		want      []PixelEvent
	}{
		"Meta": {
			"https://www.facebook.com/tr/?id=1234567890123456&ev=PageView&dl=https%3A%2F%2Fshop.test%2F&rl=&if=false&ts=1718000000000&sw=1280&sh=720&v=2.9.155&r=stable&fbp=fb.1.1718000000000.123456789012345678&coo=false", "",
			[]PixelEvent{{Name: "PageView"}},
		},
		"Meta, a purchase of a known visitor": {
			"https://www.facebook.com/tr?id=123&ev=Purchase&cd[value]=59.90&cd[currency]=EUR&cd%5Bcontent_ids%5D=%5B%22A1%22%5D&udff[em]=" + hexHash + "&ud%5Bph%5D=" + hexHash, "",
			[]PixelEvent{{Name: "Purchase", Tells: []string{"amount", "e-mail", "phone", "products"}}},
		},
		"Meta, in a body": {
			"https://www.facebook.com/tr/", "--x\r\nContent-Disposition: form-data; name=\"ev\"\r\n\r\nSubscribedButtonClick\r\n--x\r\nContent-Disposition: form-data; name=\"ud[em]\"\r\n\r\n" + hexHash + "\r\n--x--\r\n",
			[]PixelEvent{{Name: "SubscribedButtonClick", Tells: mail}},
		},
		"Meta, an e-mail that nobody hashed": {
			"https://www.facebook.com/tr/?ev=Lead&ud[em]=eva%40shop.test", "",
			[]PixelEvent{{Name: "Lead", Tells: []string{"e-mail in plain text"}}},
		},
		"TikTok": {
			"https://analytics.tiktok.com/api/v2/pixel", `{"event":"CompletePayment","event_id":"","message_id":"messageId-1718000000000-1","properties":{"value":10,"currency":"EUR","contents":[{"content_id":"A1","quantity":1}]},"context":{"user":{"anonymous_id":"0e1d","email":"` + hexHash + `","phone_number":""},"pixel":{"code":"C4A1"},"page":{"url":"https://shop.test/"}}}`,
			[]PixelEvent{{Name: "CompletePayment", Tells: []string{"amount", "e-mail", "products"}}},
		},
		"LinkedIn, a page view": {
			"https://px.ads.linkedin.com/collect/?v=2&fmt=js&pid=123456&time=1718000000000&url=https%3A%2F%2Fshop.test%2F", "",
			[]PixelEvent{{Name: "page view"}},
		},
		"LinkedIn, a conversion": {
			"https://px.ads.linkedin.com/collect?v=2&fmt=js&pid=123456&conversionId=7654321", "", []PixelEvent{{Name: "conversion"}},
		},
		"LinkedIn, a click in a packed body": {
			"https://px.ads.linkedin.com/wa/", packed(t, `{"pids":[123456],"url":"https://shop.test/","hem":"`+hexHash+`","signalType":"CLICK","domAttributes":{"innerText":"Buy"}}`),
			[]PixelEvent{{Name: "CLICK", Tells: mail}},
		},
		"Pinterest": {
			"https://ct.pinterest.com/v3/?tid=2612345678901&event=checkout&ed=%7B%22value%22%3A10%2C%22order_id%22%3A%22A-7%22%2C%22line_items%22%3A%5B%7B%22product_id%22%3A%22A1%22%7D%5D%7D&pd=%7B%22em%22%3A%22" + hexHash + "%22%7D&cb=1718000000000", "",
			[]PixelEvent{{Name: "checkout", Tells: []string{"amount", "e-mail", "order number", "products"}}},
		},
		"Pinterest, only who": {
			"https://ct.pinterest.com/user/?tid=2612345678901&pd%5Bem%5D=" + hexHash, "", []PixelEvent{{Tells: mail}},
		},
		"X": {
			"https://analytics.twitter.com/i/adsct?bci=3&events=%5B%5B%22pageview%22%2C%7B%7D%5D%5D&integration=advertiser&p_id=Twitter&tw_order_quantity=0&tw_sale_amount=0&txn_id=o61w3&type=javascript", "",
			[]PixelEvent{{Name: "pageview"}},
		},
		"X, a conversion": {
			"https://t.co/1/i/adsct?event=%7B%22value%22%3A%2210%22%2C%22email_address%22%3A%22" + hexHash + "%22%7D&p_id=Twitter&tw_sale_amount=0&txn_id=tw-o61w3-o61w4", "",
			[]PixelEvent{{Name: "conversion", Tells: []string{"amount", "e-mail"}}},
		},
		"X, nothing told": {
			"https://t.co/1/i/adsct?event=%7B%7D&p_id=Twitter&tw_sale_amount=0&txn_id=o61w3", "", []PixelEvent{{Name: "visit"}},
		},
		"Snap": {
			"https://tr.snapchat.com/p", "pid=24d5aee1-b548-466b-a1ed-d2b44fe2beed&ev=PURCHASE&pl=https%3A%2F%2Fshop.test%2F&u_hem=" + hexHash + "&u_hpn=" + hexHash + "&e_pr=10&e_cur=EUR",
			[]PixelEvent{{Name: "PURCHASE", Tells: []string{"amount", "e-mail", "phone"}}},
		},
		"Microsoft": {
			"https://bat.bing.com/action/0?ti=26326193&Ver=2&mid=c217b1ff-3e12-4782-a45e-c9ab8ad7685e&vids=1&msclkid=N&p=https%3A%2F%2Fshop.test%2F&evt=pageLoad&asc=G&en=Y", "",
			[]PixelEvent{{Name: "pageLoad"}},
		},
		"Microsoft, an event": {
			"https://bat.bing.net/action/0?ti=26326193&Ver=2&ec=shop&ea=purchase&evt=custom&ev=3&gv=10&gc=EUR&pid=em%3D" + hexHash + "%26ph%3D" + hexHash, "",
			[]PixelEvent{{Name: "purchase", Tells: []string{"amount", "e-mail", "phone"}}},
		},
		"Google Ads, a conversion": {
			"https://www.googleadservices.com/pagead/conversion/987654321/?random=1718000000000&label=AbC-D_efG-h12_34-567&value=10&currency_code=EUR&oid=A-7&em=" + bothHash, "",
			[]PixelEvent{{Name: "conversion", Tells: []string{"amount", "e-mail", "order number", "phone"}}},
		},
		"Google Ads, remarketing": {
			"https://googleads.g.doubleclick.net/pagead/viewthroughconversion/987654321/?guid=ON&data=event%3Dgtag.config&em=tv.1", "",
			[]PixelEvent{{Name: "gtag.config"}},
		},
		"Google Ads, at a country's host": {
			"https://www.google.de/pagead/1p-user-list/987654321/?guid=ON", "", []PixelEvent{{Name: "visit"}},
		},
		"GA4": {
			"https://region1.google-analytics.com/g/collect?v=2&tid=G-ABC123&cid=123.456&en=page_view&ep.x=1", "", []PixelEvent{{Name: "page_view"}},
		},
		"GA4, several at once behind a host of the site": {
			"https://metrics.shop.test/x/g/collect?v=2&tid=G-ABC123&cid=123.456", "en=scroll&epn.percent_scrolled=90\r\nen=purchase&epn.value=10&pr1=idA1~nmTea&uid=4711&em=" + bothHash,
			[]PixelEvent{{Name: "purchase", Tells: []string{"amount", "customer number", "e-mail", "phone", "products"}}, {Name: "scroll"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, EventsOf(c.url, []byte(c.body)))
		})
	}
}

// TestEventsOfOthers: where a parameter means something else nothing is read.
func TestEventsOfOthers(t *testing.T) {
	for _, c := range [][2]string{
		{"https://www.facebook.com/plugins/like.php?ev=PageView", ""},
		{"https://www.facebook.com/train?ev=PageView", ""},
		{"https://notfacebook.com/tr?ev=PageView", ""},
		{"https://shop.test/tr?ev=PageView", ""},
		{"https://www.facebook.com/tr/?id=1", ""},
		{"https://analytics.tiktok.com/i18n/pixel/events.js?event=X", ""},
		{"https://analytics.tiktok.com/api/v2/pixel", `{"event":`},
		{"https://www.linkedin.com/px/li_sync?conversionId=1", ""},
		{"https://www.pinterest.com/pin/?event=checkout", ""},
		{"https://t.co/abc?events=x", ""},
		{"https://tr.snapchat.com/cm/i?ev=PAGE_VIEW", ""},
		{"https://bat.bing.com/bat.js?evt=pageLoad", ""},
		{"https://www.google.com/search?label=x", ""},
		{"https://google.shop.test/pagead/conversion/1/?label=x", ""},
		{"https://shop.test/g/collect?en=page_view", ""},
		{"https://shop.test/blog/collect?tid=G-ABC123&en=page_view", ""},
		{"https://www.facebook.com/tr?ev=" + strings.Repeat("a", maxEventURL), ""},
		{"://", ""},
	} {
		require.Empty(t, EventsOf(c[0], []byte(c[1])), c[0][:min(len(c[0]), 80)])
	}
}

// TestEventsKeepNoValue: what does not look like the name of an event is not kept, and nothing else is at all.
func TestEventsKeepNoValue(t *testing.T) {
	for _, value := range []string{
		"canary@shop.test", "8f3a9c1be27d4406", "canary/1", "canary 0123456789abcdef", strings.Repeat("canary", 8), "4canary",
		"fb.1.1718000000000.123456789012345678", "%00canary", "canary\r\n", "ünary",
	} {
		escaped := strings.NewReplacer("%", "%25", "\r", "%0d", "\n", "%0a", " ", "+").Replace(value)
		require.Equal(t, []PixelEvent{{}}, EventsOf("https://www.facebook.com/tr/?id=1&ev="+escaped, nil), value)
		for _, name := range []string{"ev", "en", "event", "t", "tid", "id", "v"} {
			require.Equal(t, "https://shop.test/?"+name+"=*", Redact("https://shop.test/?"+name+"="+escaped), value)
		}
	}
	for field := range pixels[0].tells {
		for _, value := range []string{"canary", "canary@shop.test", "+4915112345678"} {
			got := EventsOf("https://www.facebook.com/tr/?ev=Lead&"+field+"="+value, nil)
			require.NotContains(t, fmt.Sprint(got), value)
		}
	}
}

func FuzzEventsOf(f *testing.F) {
	f.Add("https://t.co/i/adsct?events=[[[[1]]]]", "")
	f.Add("https://tr.snapchat.com/p", "--x\r\n")
	f.Add("https://analytics.tiktok.com/api/v2/pixel", `[{"event":"A"},1,null,{"event":"[\"B\"]"}]`)
	f.Fuzz(func(t *testing.T, url, body string) {
		events := EventsOf(url, []byte(body))
		require.LessOrEqual(t, len(events), maxEvents)
		require.Equal(t, events, EventsOf(url, []byte(body)))
		for _, e := range events {
			require.True(t, e.Name == "" || IsEventName(e.Name), e.Name)
		}
	})
}
