package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// TestPagesThatAreNone: pages that speak of privacy and of cookies without telling what they do themselves.
func TestPagesThatAreNone(t *testing.T) {
	for _, text := range []string{
		"# Visitas - privacy-friendly statistics\n\nVisitas counts your visitors without setting cookies on their phones. It stores no IP addresses and collects no personal data. Start your free trial.\n",
		"# Data protection\n\n- [Privacy policy](/privacy)\n- [Cookie policy](/cookies)\n- [Terms](/terms)\n\nPick a document to see how personal data is processed.\n",
		"# Cookies\n\nA cookie is a file that the website stores in a browser. Websites use cookies to recognise visitors, and many collect data with them. The website may also share such data.\n",
		"# How to make your website fit for the cookie law\n\nWe show how you set up a banner. If your website uses cookies, ask first. Use our template to collect consent.\n",
	} {
		assert.False(t, readWhole(t, text).IsPolicy, text)
	}
	for _, text := range []string{
		"# Privacy\n\nFonts come from Adobe Fonts, which we load to show our letters. Adobe learns of it.\n",
		"# Cookies\n\nCookies may be set by the Publisher and by its partners. They allow the Website to count visits.\n",
		"# Privacy policy\n\nWe use only a session cookie.\n\n- [Home](/)\n- [About](/about)\n- [Contact](/contact)\n",
	} {
		assert.True(t, readWhole(t, text).IsPolicy, text)
	}
}

func TestArticleIsNoPolicy(t *testing.T) {
	p, err := (&Reader{}).Read(crawler.Document{Bytes: []byte("# Cookies: what you must know\n\n" +
		"You have to ask before your website sets cookies. You must tell your visitors what they are for. " +
		"Site owners need a banner, and you should record the consent that your users give.\n\n" +
		"Cookies that a shop needs may be set without consent. You must not set advertising cookies before.")})
	require.NoError(t, err)
	assert.False(t, p.IsPolicy)
	assert.Empty(t, p.Claims)
}

func TestEmptyShell(t *testing.T) {
	p, err := (&Reader{}).Read(crawler.Document{MIME: "text/html", Bytes: []byte("<html><head><title>Privacy policy</title></head><body><div id=app></div></body></html>")})
	require.NoError(t, err)
	assert.False(t, p.IsPolicy)
}

// A page that is called a policy and tells one thing of its practice is one, however short.
func TestShortPolicy(t *testing.T) {
	p, err := (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{Bytes: []byte("# Privacy policy\n\nIron House cares for your privacy.\n\nWe do not use third-party analytics services.\n")})
	require.NoError(t, err)
	require.True(t, p.IsPolicy)
	p, err = (&Reader{Vendors: testVendors(t)}).Read(crawler.Document{Bytes: []byte("# Privacy policy\n\nIron House cares for your privacy.\n\nRead more about our gym.\n")})
	require.NoError(t, err)
	require.False(t, p.IsPolicy)
}

func TestPolicyThatNeverSaysCookie(t *testing.T) {
	text := "# Privacy policy\n\nWe collect your name and e-mail address when you write to us. We use your personal data to answer. " +
		"We do not share personal data with third parties. You have the right to access your personal data. We store it for two years."
	p, err := (&Reader{}).Read(crawler.Document{Bytes: []byte(text)})
	require.NoError(t, err)
	assert.True(t, p.IsPolicy)
	assert.Empty(t, p.Technologies)
	assert.Equal(t, "silent", p.ThirdPartyCookies)
}

// TestTwoTopics: a heading that joins cookies and a subject is no kind of cookies, and what stands below tells of more.
func TestTwoTopics(t *testing.T) {
	p := readCase(t, "## Cookies and analytics\n\nCookies keep you logged in and help us count visits.\n")
	assert.ElementsMatch(t, []string{"necessary", "analytics"}, categoryIDs(p))
	p = readCase(t, "## Analytics & cookies\n\nCookies keep you logged in.\n")
	assert.Equal(t, []string{"necessary"}, categoryIDs(p))
	p = readCase(t, "## Analytics and performance cookies\n\nThese cookies count visits.\n")
	assert.Equal(t, []string{"analytics"}, categoryIDs(p))
}

// TestImprintWithPolicy holds that the page that tells who runs a site may hold its policy, and need not.
func TestImprintWithPolicy(t *testing.T) {
	who := "# Mentions légales\n\nÉditeur : SARL Durand, 12 rue des Fleurs, Nantes. Hébergeur : Nuage SAS.\n\n"
	p := readWhole(t, who+"## Données personnelles\n\nLes informations du formulaire de contact sont conservées trois ans. Vous disposez d'un droit d'accès.\n\n"+
		"## Cookies\n\nCe site utilise Google Analytics pour mesurer l'audience. Ces cookies sont conservés 13 mois.\n")
	require.True(t, p.IsPolicy)
	require.Equal(t, []string{"analytics"}, categoryIDs(p))
	require.False(t, readWhole(t, who+"## Propriété intellectuelle\n\nLes textes du site sont protégés. Ce site peut contenir des liens vers d'autres sites.\n").IsPolicy)
	require.False(t, readWhole(t, who+"## Données personnelles\n\nConsultez notre politique de confidentialité.\n").IsPolicy)
}

// TestLibrariesOfAnApp holds that a list of names far from cookies lists no cookies.
func TestLibrariesOfAnApp(t *testing.T) {
	p := readWhole(t, "# Privacy policy\n\nWe collect as little personal data as we can. We do not sell personal information and we store it safely.\n\n"+
		"## Third parties\n\nThe only frameworks that the app works with are:\n\n- **FamilyLimits / DeviceWatch** - used to apply the shield.\n"+
		"- **StoreBox** - purchases inside the app.\n- **UserNotices** - for the alerts at the end of a session.\n")
	require.True(t, p.IsPolicy)
	require.Empty(t, p.Cookies)
}
