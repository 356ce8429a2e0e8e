package crawler

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFindPolicyLink(t *testing.T) {
	cases := []struct {
		text, path string
		want       policyKind
	}{
		{"Privacy Policy", "/privacy-policy", privacyPolicy},
		{"Privacy policy", "/p/17", privacyPolicy},
		{"Privacy", "/legal/privacy.html", privacyPolicy},
		{"PRIVACY NOTICE", "/x", privacyPolicy},
		{"Terms & Privacy", "/terms-privacy", privacyPolicy},
		{"", "/PrivacyPolicy.aspx", privacyPolicy},
		{"Legal", "/index.php?page=privacy-policy", privacyPolicy},
		{"Cookie Policy", "/cookies", cookiePolicy},
		{"Cookies", "/legal/cookies/", cookiePolicy},
		{"Privacy & Cookies", "/privacy", privacyPolicy},
		{"Our use of cookies", "/x", cookiePolicy},
		{"Datenschutzerklärung", "/datenschutz", privacyPolicy},
		{"Datenschutz", "/de/recht", privacyPolicy},
		{"Datenschutz & Cookies", "/datenschutz", privacyPolicy},
		{"Impressum & Datenschutz", "/impressum-datenschutz", privacyPolicy},
		{"Cookie-Richtlinie", "/r/9", cookiePolicy},
		{"Politique de confidentialité", "/x", privacyPolicy},
		{"Protection des données personnelles", "/x", privacyPolicy},
		{"Données personnelles", "/donnees", privacyPolicy},
		{"Politique relative aux cookies", "/x", cookiePolicy},
		{"Política de privacidad", "/x", privacyPolicy},
		{"Aviso de privacidad", "/x", privacyPolicy},
		{"Política de cookies", "/x", cookiePolicy},
		{"Informativa sulla privacy", "/x", privacyPolicy},
		{"Informativa sui cookie", "/x", cookiePolicy},
		{"Privacyverklaring", "/x", privacyPolicy},
		{"Privacybeleid", "/x", privacyPolicy},
		{"Cookiebeleid", "/x", cookiePolicy},
		{"Política de Privacidade", "/x", privacyPolicy},
		{"Proteção de dados", "/x", privacyPolicy},
		{"Polityka prywatności", "/x", privacyPolicy},
		{"Polityka plików cookies", "/x", cookiePolicy},
		{"Integritetspolicy", "/x", privacyPolicy},
		{"Behandling av personuppgifter", "/x", privacyPolicy},
		{"Om kakor", "/x", cookiePolicy},
		{"Privatlivspolitik", "/x", privacyPolicy},
		{"Persondatapolitik", "/x", privacyPolicy},
		{"Cookiepolitik", "/x", cookiePolicy},
		{"Cookieerklæring", "/x", cookiePolicy},
		{"Cookies & Privacy", "/legal", privacyPolicy},
		{"Cookies og privatliv", "/x", privacyPolicy},
		{"Aviso legal y política de privacidad", "/x", privacyPolicy},
		{"Personvernerklæring", "/x", privacyPolicy},
		{"Tietosuojaseloste", "/x", privacyPolicy},
		{"Zásady ochrany osobních údajů", "/x", privacyPolicy},

		{"Home", "/", noPolicy},
		{"Chocolate cookies", "/c/chocolate-cookies", noPolicy},
		{"Cookie jars", "/shop/cookie-jars", noPolicy},
		{"Cookie settings", "/cookie-settings", noPolicy},
		{"Cookie-Einstellungen", "/x", noPolicy},
		{"Gérer les cookies", "/x", noPolicy},
		{"Do not sell my data", "/x", noPolicy},
		{"Why privacy matters to bakers and to everybody else who ever sold a loaf of bread, and what to do", "/p/1", noPolicy},
		{"Read more", "/blog/our-privacy-promise", noPolicy},
		{"Terms of use", "/terms", noPolicy},
		{"Jobs", "/jobs/data-protection-officer", noPolicy},
		{strings.Repeat("privacy policy ", 100000), "/x", noPolicy},
		{"\xff\xfe\x00", "/x", noPolicy},
	}
	for _, c := range cases {
		t.Run(c.text[:min(len(c.text), 40)]+" "+c.path, func(t *testing.T) {
			p, ok := findPolicyLink(Link{URL: "https://shop.test" + c.path, Text: c.text, Rel: RelAnchor})
			require.Equal(t, c.want != noPolicy, ok && p.score >= minPolicyScore, "%+v", p)
			if c.want != noPolicy {
				require.Equal(t, c.want, p.kind)
			}
		})
	}
}

func TestPolicyNamesAreFolded(t *testing.T) {
	for _, list := range []phrases{privacyNames, privacyWords, cookieNames, cookieWords, settingWords, articleWords} {
		for name := range list.set {
			require.Equal(t, name, plainWords(name), "a name that is not folded is never found")
		}
	}
}

func FuzzFindPolicyLink(f *testing.F) {
	f.Add("Privacy & Cookies", "https://shop.test/PrivacyPolicy.aspx?a=b")
	f.Add("\xff", "https://shop.test/%ff/..?=privacy")
	f.Fuzz(func(t *testing.T, text, address string) {
		p, ok := findPolicyLink(Link{URL: address, Text: text, Rel: RelAnchor})
		if ok {
			require.NotEqual(t, noPolicy, p.kind)
			require.GreaterOrEqual(t, p.score, weakPolicyScore)
			_, err := Normalise(p.url)
			require.NoError(t, err)
		}
	})
}

func TestPolicyHunt(t *testing.T) {
	scope, err := NewScope("https://www.shop.test/", nil)
	require.NoError(t, err)
	a := func(text, address string) Link { return Link{URL: address, Text: text, Rel: RelAnchor} }
	cases := map[string]struct {
		links []Link
		want  []string
	}{
		"none": {nil, nil},
		"own, cookies first": {
			[]Link{a("Privacy policy", "https://shop.test/p"), a("Cookie policy", "https://shop.test/c")},
			[]string{"https://shop.test/c", "https://shop.test/p"},
		},
		"own before others": {
			[]Link{a("Privacy policy", "https://legal.test/shop"), a("Privacy policy", "https://shop.test/p")},
			[]string{"https://shop.test/p"},
		},
		"one hop outside": {
			[]Link{a("Privacy policy", "https://legal.test/shop")},
			[]string{"https://legal.test/shop"},
		},
		"a vendor's": {
			[]Link{a("Privacy", "https://policies.google.com/privacy"), a("Acme privacy policy", "https://www.acme.test/privacy")},
			nil,
		},
		"this machine": {
			[]Link{
				a("Privacy policy", "http://127.0.0.1:9222/json"), a("Privacy policy", "http://2130706433:9222/json"),
				a("Privacy policy", "http://localhost/"), a("Privacy policy", "http://[::1]/"),
				a("Privacy policy", "http://169.254.169.254/latest"), a("Privacy policy", "file:///etc/passwd"),
			},
			nil,
		},
		"a hint, for want of better": {
			[]Link{a("Legal & privacy", "https://shop.test/legal"), a("Privacy film", "https://shop.test/film")},
			[]string{"https://shop.test/legal"},
		},
		"no hint where there is better": {
			[]Link{a("Legal & privacy", "https://shop.test/legal"), a("Privacy policy", "https://shop.test/p")},
			[]string{"https://shop.test/p"},
		},
		"no hint outside": {[]Link{a("Legal & privacy", "https://legal.test/x")}, nil},
		"at most three of a kind": {
			[]Link{
				a("Privacy policy", "https://shop.test/1"), a("Privacy policy", "https://shop.test/2"),
				a("Privacy policy", "https://shop.test/3"), a("Privacy policy", "https://shop.test/4"),
			},
			[]string{"https://shop.test/1", "https://shop.test/2", "https://shop.test/3"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			hunt := newPolicyHunt(scope)
			hunt.look("https://shop.test/", c.links)
			require.Equal(t, c.want, hunt.best())
		})
	}
}

func TestPolicyHuntCountsPages(t *testing.T) {
	scope, err := NewScope("https://shop.test/", nil)
	require.NoError(t, err)
	hunt := newPolicyHunt(scope)
	rare, common := Link{URL: "https://shop.test/app", Text: "Privacy policy", Rel: RelAnchor}, Link{URL: "https://shop.test/all", Text: "Privacy policy", Rel: RelAnchor}
	hunt.look("https://shop.test/1", []Link{rare, rare, common})
	hunt.look("https://shop.test/2", []Link{common})
	require.Equal(t, []string{"https://shop.test/all", "https://shop.test/app"}, hunt.best())
}

func TestPhrasesWithin(t *testing.T) {
	p := phrasesOf("privacy policy", "cookies")
	for text, want := range map[string]bool{
		"privacy policy": true, "our privacy policy now": true, "cookies": true, "no cookies": true, "cookies no": true,
		"": false, " ": false, "privacy": false, "policy privacy": false, "privacy policyx": false, "mycookies": false,
	} {
		require.Equal(t, want, p.within(text), "%q", text)
	}
}
