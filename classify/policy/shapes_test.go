package policy

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestCookieShapes reads cookies from shapes that conversions and authors make of tables and lists.
func TestCookieShapes(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"headings that are names": {
			"### _ga\n\nCounts visits to our pages. It lasts 2 years.\n\n### PHPSESSID\n\nKeeps you logged in until you close the browser.",
			"_ga analytics 730.5, PHPSESSID necessary 0",
		},
		"a line for each cell": {
			"| Name |\nPurpose |\nDuration |\n| _fbp |\nShows you advertising |\n90 days |\n| shop_id |\nKeeps you logged in |\nSession |",
			"_fbp advertising 90, shop_id necessary 0",
		},
		"a cell left out": {
			"| Name | Provider | Purpose | Duration |\n|---|---|---|---|\n| _ga | Counts visits | 2 years | |\n| _gid | Counts visits of a day | 24 hours | |",
			"_ga analytics 730.5, _gid analytics 1",
		},
		"headers in another language": {
			"| Cookie | Dauer | Typ | Beschreibung |\n|---|---|---|---|\n| shop_lang | 1 Woche | Funktional | Used to remember your language. |",
			"shop_lang functional 7",
		},
		"placeholders": {
			"| Name | Purpose |\n|---|---|\n| _ga_<container-id> | Counts visits |",
			"_ga_<container-id> analytics -",
		},
		"rows broken inside a cell": {
			"Name | Kind | Owner | Purpose | Lasts | Remarks |\n---|---|---|---|---|---|\nvisit_no | Analytics | Matomo |\nCounts how often a page is read |\n13 months | Persistent |\n" +
				"shop_id | Technical | The shop |\nKeeps the basket together | 2 hours |\nSession |",
			"visit_no analytics 395.6875, shop_id necessary 0.08333333333333333",
		},
		"rows that end with a bar and no separator": {
			"Name of cookie | Type of cookie | Expires | Description |\nvisit_no | Analytics | 2 years from the last visit |\nCounts readers. |\nshop_id | Technical | End of browser session (no longer used) | Holds the basket. |",
			"visit_no analytics 730.5, shop_id necessary 0",
		},
		"a second head inside a table": {
			"Cookie name | Expires | Description |\n---|---|---|\nvisit_no | 2 years | Counts visits. |\nCookie name | Expires | Description |\n---|---|---|\nshop_id | End of session | Keeps you logged in. |",
			"visit_no analytics 730.5, shop_id necessary 0",
		},
		"a line for each of two cells": {
			"Cookie name |\nPurpose |\nSHOPSID |\nEssential. Keeps you logged in. Removed when you close your browser. |\n_visits |\nOptional (analytics). Counts visits. Lasts ~2 years. |",
			"SHOPSID necessary 0, _visits analytics 730.5",
		},
		"a line for each cell, of a service and of its cookies": {
			"Cookie |\nName |\nPurpose |\nDuration |\nMatomo |\n_pk_x |\nCounts visits |\n13 months |",
			"_pk_x analytics 395.6875",
		},
		"a line for each cell, with blank lines": {
			"Cookie name\n\nDefault expiration time\n\nDescription\n\n_visits\n\n2 years from set\n\nCounts visits.\n\nshop_id\n\nEnd of browser session\n\nKeeps you logged in.",
			"_visits analytics 730.5, shop_id necessary 0",
		},
		"a head whose end is not known": {
			"Name Category Type Source Retention time Description of origin\nshopLang Essential Persistent First-party Up to 200 days Knows for 3 days whether you asked.\n_visits Analytical Persistent Matomo Up to 2 years Counts visits.",
			"shopLang necessary 200, _visits analytics 730.5",
		},
		"cells glued together": {
			"NameDescriptionExpiry\n\nshop_testThis cookie is needed to keep you logged in.End of session\n\n_visitsCounts visits to our pages.2 years after the last",
			"shop_test necessary 0, _visits analytics 730.5",
		},
		"names above what is told of all": {
			"Cookies of Matomo\n\n_pk_a\n\n_pk_b*\n\nThese count how our visitors use the site. They are kept for 2 years.",
			"_pk_a analytics 730.5, _pk_b* analytics 730.5",
		},
		"names in brackets": {
			"| Cookie | Purpose | Duration |\n|---|---|---|\n| Shop cookies (shop_*, basket_id) | Hold your basket | Session |\n| Assistant (GTM-ABC12) | Shows you advertising | 1 day |",
			"shop_* necessary 0, basket_id necessary 0, Assistant advertising 1",
		},
		"lifetimes by name": {
			"```\nCookie: _pk_a, _pk_b\nProvider: Matomo\nPurpose: Counts visits\nDuration: _pk_a: 13 months, _pk_b: 30 min\nCategory: Analytics\n```",
			"_pk_a analytics 395.6875, _pk_b analytics 0.020833333333333332",
		},
		"lifetimes in brackets behind names": {
			"We use analytics cookies: _aa, _bb, _cc (duration: 2 years, 1 year, 24 hours).",
			"_aa analytics 730.5, _bb analytics 365.25, _cc analytics 1",
		},
		"lifetimes of each in a sentence": {
			"* **_aa, _bb:** Cookies of our statistics. They expire after two years and ten minutes respectively.",
			"_aa analytics 730.5, _bb analytics 0.006944444444444444",
		},
		"a label before the lifetime": {
			"* **_aa** - keeps the state of the session. Duration: 2 years.\n* **_bb** - counts visits. Duration: 24 hours.",
			"_aa  730.5, _bb analytics 1",
		},
		"a lifetime at the end of a list": {
			"## Functional cookies\n\n- language: remembers your language\n- shop_theme: remembers light or dark\n- Duration: 1 year",
			"language functional 365.25, shop_theme functional 365.25",
		},
		"a lifetime below a list": {
			"<h3>Analytics cookies</h3><ul><li>• _aa - tells visitors apart</li><li>• _bb - session information</li></ul><p>Storage period: 2 years</p>",
			"_aa analytics 730.5, _bb analytics 730.5",
		},
		"labels of a service in a list": {
			"### Matomo\n\nCounts visits to our pages.\n\n- Personal data: cookies and data on use\n- Place of processing: France\n- Cookies: _pk_a, _pk_b\n- Duration: 2 years",
			"_pk_a  730.5, _pk_b  730.5",
		},
		"labels at the front of purposes": {
			"| Cookie | Type / purpose | Duration |\n|---|---|---|\n| shop_id | **Essential.** Number of your visit, so that we know you are the same reader on the next page of the shop. | Session |\n| shop_view | **Functional.** Opens the last map that you had a look at. | 30 days |",
			"shop_id necessary 0, shop_view functional 30",
		},
		"consent that is asked is not needed": {
			"## Analytics cookies\n\nStatus: consent required\n\n| Cookie | Expires |\n|---|---|\n| _aa | 2 years |",
			"_aa analytics 730.5",
		},
		"consent that is kept is": {
			"| Name | Purpose |\n|---|---|\n| choice_a | Stores your consent to analytics cookies |",
			"choice_a necessary -",
		},
		"attributes are no names": {
			"### `shop_vid` cookie\n\n- Name: `shop_vid`\n- Type: first-party cookie\n- Expiry: 2 years\n- Attributes:\n  - `SameSite=Lax`\n  - `HttpOnly=false`",
			"shop_vid  730.5",
		},
		"companies and empty cells are no cookies": {
			"| Type | Name | Purpose |\n|---|---|---|\n| Necessary | `cc_box` | Stores your consent |\n| Marketing | N/A | N/A |\n\n" +
				"# Privacy policy\n\n## Sub-processors\n\n| Name | Purpose | Location |\n|---|---|---|\n| Number Cloud | Hosting | Ireland |\n| Mailo | Letters | France |",
			"cc_box necessary -",
		},
		"headings of a list of names": {
			"• shop-theme: remembers your theme. Duration: 1 year.\n• _aa: counts visits. Duration: 2 years.\n4. Consent and choice\nWhen you come here first, we ask you.",
			"shop-theme functional 365.25, _aa analytics 730.5",
		},
		"a table drawn with signs": {
			"+--------+------------------+---------+\n| Cookie | Purpose          | Expires |\n+========+==================+=========+\n| _aa    | Counts visits to | 2 years |\n|        | our pages        |         |\n+--------+------------------+---------+\n" +
				"| s_id   | Keeps you logged in | session |\n+--------+------------------+---------+",
			"_aa analytics 730.5, s_id necessary 0",
		},
		"a table of values between commas": {
			".. csv-table::\n   :header: \"Name\", \"Purpose\", \"Expires\"\n\n   \"jot\", \"Keeps you logged in, always\", \"24 hours\"\n   \"_aa\", \"Counts visits\", \"1 year\"\n\nThat is all.",
			"jot necessary 1, _aa analytics 365.25",
		},
		"a table of items of items": {
			".. list-table:: Cookies\n   :header-rows: 1\n\n   * - Cookie\n     - Purpose\n   * - _aa\n     - Counts visits\n       of one day\n",
			"_aa analytics -",
		},
		"definitions below names": {
			"_aa\n   Counts visits. It expires after 2 years.\n\ns_id\n   Keeps you logged in for one day.",
			"_aa analytics 730.5, s_id necessary 1",
		},
		"lines on lifetimes below names": {
			"Our site sets these cookies:\n\nshop.net_SessionID\n\nHolds a number for your visit, so that you stay logged in.\n\nExpires on exit of browser\n\nSHOPAUTH\n\nTells our server who has logged in.\n\nExpires on exit of browser\n\n" +
				"_visits\n\nCounts our visitors; __visits is renewed each time.\n\n2 year expiry",
			"shop.net_SessionID necessary 0, SHOPAUTH necessary 0, _visits analytics 730.5",
		},
		"cells of a row beside each other, without a head": {
			"We set these cookies:\n\nshop_id Keeps you logged in. Expires on exit of browser\n_visits Counts visitors 2 year expiry\n_month 30 days Counts visitors of a month.",
			"shop_id necessary 0, _visits analytics 730.5, _month analytics 30",
		},
		"a name that ends with an underscore among others": {
			"| Cookie | Purpose |\n|---|---|\n| _aa, _bb_, _cc | Count visits |",
			"_aa analytics -, _bb_ analytics -, _cc analytics -",
		},
		"labels that tell of something else": {
			"<h3>Necessary cookies</h3><ul><li>Name: shop_id</li><li>Provider: Number Pay</li><li>URLs: https://shop.test/*</li><li>Expires in: 1 year</li></ul>",
			"shop_id necessary 365.25",
		},
		"a plain name above its labels": {
			"visit_a\nCounts visits to our pages.\nMaximum storage duration: 1 day\nType: HTTP cookie\nkridome\nKeeps you logged in.\nMaximum storage duration: 1 year\nType: HTTP cookie",
			"visit_a analytics 1, kridome necessary 365.25",
		},
		"a paragraph that tells of the rows below": {
			"Necessary cookies make the site usable by basic functions.\n\n| Name | Expires |\n|---|---|\n| aa_x | 1 day |\n\nAnalytics cookies tell us how visitors use the site.\n\n| Name | Expires |\n|---|---|\n| bb_x | 1 day |",
			"aa_x necessary 1, bb_x analytics 1",
		},
		"paragraphs that tell of more than the rows below": {
			"Necessary cookies make the site usable by basic functions.\n\nAnalytics cookies tell us how visitors use the site.\n\n| Name | Expires |\n|---|---|\n| bb_x | 1 day |",
			"bb_x  1",
		},
		"labels and values in one line": {
			"- Name: _aa; Purpose: counts visits; Lifetime: 2 years\n- Name: s_id; Purpose: keeps you logged in; Lifetime: session\n\nCookie: _bb\n\nPurpose: counts visits\n\nProvider: shop.test | Type: http cookie | Expires: 1 day",
			"_aa analytics 730.5, s_id necessary 0, _bb analytics 1",
		},
		"vendors with their cookies below": {
			"## Cookies by vendor\n\n- Google\n  - `_aa`: counts visits (2 years)\n  - `_bb`: counts visits (1 day)\n- Our own\n  - `s_id`: keeps you logged in (session)",
			"_aa analytics 730.5, _bb analytics 1, s_id necessary 0",
		},
		"vendors with their cookies and their labels below": {
			"## Cookies by vendor\n\n- **Vendor: Meta**\n  - Cookie: `_fb`\n    - Purpose: shows advertising\n    - Lifetime: 90 days\n  - Cookie: `fr_x`\n    - Purpose: shows advertising\n    - Lifetime: 30 days\n" +
				"- **Vendor: Matomo**\n  - Cookie: `_pk_id`\n    - Purpose: counts visits\n    - Lifetime: 13 months",
			"_fb advertising 90, fr_x advertising 30, _pk_id analytics 395.6875",
		},
		"headings that are names, with labels below": {
			"## `_aa`\n\n**Purpose:** Counts visits\n**Duration:** 2 years\n\n## `s_id`\n\n* Purpose: keeps you logged in\n* Duration: session",
			"_aa analytics 730.5, s_id necessary 0",
		},
		"names across the head": {
			"| | _aa | s_id |\n|---|---|---|\n| Purpose | Counts visits | Keeps you logged in |\n| Duration | 2 years | Session |",
			"_aa analytics 730.5, s_id necessary 0",
		},
		"names in sentences, without quotation marks": {
			"When you log in, the cookie sid is stored. It lasts 30 minutes. The cookie basketx stores your basket. It is deleted after 7 days. The cookie notice is shown once. The cookie settings are kept.",
			"sid necessary 0.020833333333333332, basketx necessary 7",
		},
		"values that are no labels": {
			"- **Consent:** Necessary\n\n| Cookie | Duration |\n|---|---|\n| `_aa` | 2 years |\n\n{.subtitle}\n\nWe call gat._maskIp in these cookies. Object by an opt-in cookie.\n\n- path: {string}\n- all: {boolean}, {string}",
			"_aa  730.5",
		},
		"plain names with lifetimes below a category": {
			"**Preference cookies (no consent required):**\n• **theme**: light or dark (duration: 1 year)\n• **language**: the language you like (duration: 1 year)\n\n" +
				"**Analytics cookies (consent required):**\n• **Our statistics (_aa, _bb)**: readers (duration: 2 years)\n  - Addresses are cut\n  - Nothing is shared",
			"theme functional 365.25, language functional 365.25, _aa analytics 730.5, _bb analytics 730.5",
		},
		"a lifetime below a list, with more below": {
			"## Functional cookies\n\n• sh-theme: remembers your theme.\n• sh-lang: remembers your language.\n\nDuration: session or up to 1 year.\nProvider: the shop.",
			"sh-theme functional 365.25, sh-lang functional 365.25",
		},
		"vendors with nothing but names behind": {
			"<h4>Cookies of third parties</h4><p>Sent by services that we use:</p><ul><li><strong>Google Analytics:</strong> _aa, _bb, _cc_[ID]</li><li><strong>Facebook:</strong> _fb, fr</li><li><strong>Stripe:</strong> st_mid</li></ul>",
			"_aa analytics -, _bb analytics -, _cc_[ID] analytics -, _fb  -, fr  -, st_mid  -",
		},
		"dashes before names, and bullets in items": {
			"## Analytics cookies\n\n— aa_token: counts visits (duration: session)\n— bb_token: counts visits (duration: 2 days)\n\n<ul><li>• <code>cc_id</code> - counts visits</li></ul>",
			"aa_token analytics 0, bb_token analytics 2, cc_id analytics -",
		},
		"an end within a longer sentence": {
			"| Cookie | Details |\n|---|---|\n| _dd | Keeps your visit together on our pages. It holds the number of the visit, and expires after 15 minutes without any action. |",
			"_dd  0.010416666666666666",
		},
		"two lines of purposes among those of cells": {
			"Name |\nDeadline |\nContent |\nPurpose |\nshop_lb |\n1 week |\nLetters |\nLoad balancing |\nSHOPSID |\nSession |\nLetters |\nKeeps you logged in |",
			"shop_lb necessary 7, SHOPSID necessary 0",
		},
		"cells parted by tabs, with plain names": {
			"Name\tPurpose\tLifetime\nlanguage\tRemembers the language that you chose\t1 year\nAnalytics\nvisits\tCounts visits\t13 months",
			"language functional 365.25, visits analytics 395.6875",
		},
		"cells parted by gaps": {
			"Cookie name     What it is for        Expires\ntheme           Keeps your colours    6 months\ns_id            Keeps you logged in   session",
			"theme  182.625, s_id necessary 0",
		},
		"rows of text with plain names, under headers of a tool": {
			"### Necessary cookies\n\nName Provider Purpose Expiry Type\n\nShopConsent Shop Stores your choice. 1 year HTTP Cookie\n\nrc::b Captcha Tells people from robots. Persistent HTML Local Storage\n\nbasket shop.test Holds your basket. Session HTTP Cookie",
			"ShopConsent necessary 365.25, rc::b necessary -, basket necessary 0",
		},
		"headers in a language of neither page nor rows": {
			"Nom du cookie Type Fonction Durée de vie\n_aa* Analytics Counts visits 13 months\n\n| Bezeichnung | Laufzeit | Beschreibung |\n|---|---|---|\n| basket | 2 Wochen | Holds your basket |",
			"_aa* analytics 395.6875, basket necessary 14",
		},
		"two lifetimes in a cell": {
			"| Cookie | Duration |\n|---|---|\n| s_id | session / 30 days if you stay signed in |\n| s_ab | 1 year / 1 year |",
			"s_id  0, s_id  30, s_ab  365.25",
		},
		"small headers glued together": {
			"namepurposeduration\n\ns_idKeeps you logged in15 min\n\nseen_noteRemembers that you closed the notePermanent\n\nMore on cookies stands on the page of our association, which tells at length and for everybody what they are and how to be rid of them.",
			"s_id necessary 0.010416666666666666, seen_note functional -",
		},
		"sentences that open with names": {
			"## Cookies we use\n\n### Necessary cookies\n\ns_id — keeps you logged in (expires after 30 days). age_ok — remembers that you are of age (12 months).\n\n### Preferences cookies\n\ntheme and motion — remember your colours (12 months). Optional.",
			"s_id necessary 30, age_ok necessary 365.25, theme functional 365.25, motion functional 365.25",
		},
		"names in quotation marks": {
			"## Necessary cookies\n\n\"town\" - Which town you are in\n\nThis cookie is stored until the browser is closed.\n\n\"seenNote\" - Your choice of cookies\n\nKeeps what you chose for 7 days.",
			"town necessary 0, seenNote necessary 7",
		},
		"a plain name with nothing but a lifetime": {
			"## Cookies of the office\n\noffice_user (end of session)\n\nnotice (end of session)",
			"office_user  0, notice  0",
		},
		"plain names with their vendors above labels": {
			"## Cookies we set\n\n**theme (Forum)**\n\n- Purpose: remembers your preferences\n- Expires: 1 year\n\n**_aa (Matomo)**\n\n- Purpose: counts visits\n- Expires: 13 months",
			"theme functional 365.25, _aa analytics 395.6875",
		},
		"a lifetime above a list": {
			"## Analytics cookies\n\nWe use Matomo. These cookies last for 13 months, and the information is kept for 25 months.\n\n- `_aa`: number of the visitor\n- `_bb`: a visit, 30 minutes",
			"_aa analytics 395.6875, _bb analytics 0.020833333333333332",
		},
		"groups among short purposes": {
			"| Cookie | Owner | Purpose |\n|---|---|---|\n| **Technical** | | |\n| lang_x | Us | Language preferences |\n| **Analytics** | | |\n| _aa | Matomo | Measurement |",
			"lang_x necessary -, _aa analytics -",
		},
		"a lifetime behind the name, in rows of text": {
			"Name Lifetime Function\n\ns_id Session Keeps you logged in. We delete it when you leave.\n\n_aa, _bb Up to two years after the last visit Both count visits.",
			"s_id necessary 0, _aa analytics 730.5, _bb analytics 730.5",
		},
		"columns filled up with tabs and blanks": {
			"## Functional cookies\n\nmail \t            Session \tUsed while you make an account\ns_target_url \t    Session \tUsed while you log in\ncn \t      \tForever \tHides notes\n_t \t            1440 hours \tWho you are",
			"mail functional 0, s_target_url functional 0, cn functional -, _t functional 60",
		},
		"names above a colon": {
			"We set cookies for our members.\n\nmemberId / token:\n\nKeep you logged in. Deleted at the end of the session.\n\nbulletin:\n\nCookie that shows you news. It lasts 2 days.",
			"memberId necessary 0, token necessary 0, bulletin  2",
		},
		"cells broken into lines": {
			"### Necessary cookies\n\nCookies Storage period Purpose\n\nXS-TOKEN Set by us\n\nDeleted at the end of the session\n\nKeeps you safe\n\ns_legacy Deleted at the end of the session Keeps you logged in",
			"XS-TOKEN necessary 0, s_legacy necessary 0",
		},
		"glued rows of several names": {
			"NameProviderPurposeDuration\n\ndemo-choicedemo.testKeeps your choice.12 months\n\n_aa, _aa_*Matomo CloudCounts visits.13 months",
			"_aa  395.6875, _aa_*  395.6875",
		},
		"labels in bold glued to values": {
			"**Marketing cookies**\n\n**_fb**Shows you advertising.\n\n**Maximum storage duration**: 3 months**Type**: HTTP cookie\n\n**rc::a**This cookie tells people from robots.\n\n**Maximum storage duration**: Persistent**Type**: HTML local storage",
			"_fb advertising 91.3125, rc::a advertising -",
		},
		"labels and values that fill their lines": {
			"Cookie: sid\nPurpose: keeps the members of our club logged in on all pages\nExpires: never\n\nCookie: _aa\nPurpose: counts visits\nExpires: 2 years",
			"sid necessary -, _aa analytics 730.5",
		},
		"names with their category in brackets": {
			"The site uses these cookies of its own:\n\n- sid (technical): keeps you logged in. Deleted when you close the browser.\n- theme (preferences): light or dark. Expires after six months.",
			"sid necessary 0, theme functional 182.625",
		},
		"a lifetime in the sentence that introduces a list": {
			"### Analytics cookies\n\nThe cookies below are set by Matomo and last 13 months unless we say otherwise:\n\n* **_aa** – number of the visitor\n* **_bb** – where you came from (6 months)",
			"_aa analytics 395.6875, _bb analytics 182.625",
		},
		"glued lifetimes behind names, and labels before lifetimes": {
			"Cookie nameDefault expiration timeDescription\n\nSAMLSessionIDAt the end of the sessionIf you log in, it keeps you logged in.\n\n_aa13 monthsCounts visits.\n\n" +
				"CookiePurposeTypeDuration\n\ns_utmUTM source of our shopFunctional90 days\n\ns_idKeeps you logged inEssentialSession",
			"SAMLSessionID necessary 0, _aa analytics 395.6875, s_utm functional 90, s_id necessary 0",
		},
		"items with the name in brackets": {
			"Cookies of our site\n\n• Visitor cookie (s_visitor)\n\nLifespan: for the duration of the session\n\n• Language cookie (s_lang)\n\nLifespan: 12 months",
			"s_visitor  0, s_lang  365.25",
		},
		"a line for each cell, with a separator": {
			"Kind of cookies |\nName |\nWhat is in it |\nWhen expired |\n---|---|---|---|\nSession cookies |\nSHOPSID, s_basket |\nLetters |\nend of session |\nAnalytics cookies |\n_aa |\nA number |\n2 years |",
			"SHOPSID  0, s_basket  0, _aa analytics 730.5",
		},
		"labels with signs of equality": {
			"## Analytics cookies\n\n_aa ( = Gives a number to each visitor.\n\nExpiry = 2 years\n\n_bb ( = Slows down requests.\n\nExpiry = 1 day",
			"_aa analytics 730.5, _bb analytics 1",
		},
		"cells that begin with their labels": {
			"<table><tr><td><p>Name:</p><p>theme</p></td><td><p>Purpose:</p><p>remembers your preferences</p></td><td><p>Duration:</p><p>6 months</p></td></tr></table>",
			"theme functional 182.625",
		},
		"durations of a norm, and more of the kind": {
			"| Cookie | Expires |\n|---|---|\n| s_x | P1Y |\n| s_y | PT24H |\n| ph_* and variants | P1M |",
			"s_x  365.25, s_y  1, ph_*  30.4375",
		},
		"names in code with lifetimes in brackets behind a lead": {
			"### Trackers\n\n- **Audience (Counter)** : `visitno` (13 months), `s_run` (session)\n- **Session** : `SHOPSID` (close of browser)",
			"visitno analytics 395.6875, s_run analytics 0, SHOPSID  0",
		},
		"a lifetime in the last sentence of an item": {
			"The cookies that we use:\n\n- XS-token: a token for each session that you open, against forged requests. The lifetime is 1 minute.\n- s_run: links you to your session. The lifetime is 1 day.",
			"XS-token  0.0006944444444444445, s_run necessary 1",
		},
		"a lifetime that slipped to the front": {
			"| Name | Purpose | Expires |\n|---|---|---|\n| SHOPSID | when you close your browser | |\n| s_state | Session state of the shop | 2 years |",
			"SHOPSID  0, s_state necessary 730.5",
		},
		"bars in lines of their own": {
			"Name\n|\nDescription\n|\nExpiration\n|\nType\n|\ns_token\n|\nKeeps you logged in.\n|\n2 hours\n|\nStrictly necessary\n|\nanon\n|\nWhether your name is shown.\n|\n2 weeks\n|\nFunctionality\n|",
			"s_token necessary 0.08333333333333333, anon functional 14",
		},
		"the bar behind the first cell in a line of its own": {
			"Cookie | Type | Description | Expiration |\n_aa\n|\nHTTP | Counts visits. | 2 years |\n_bb\n|\nHTTP | Counts visits of a day. | 1 day |",
			"_aa analytics 730.5, _bb analytics 1",
		},
		"a label at the end of rows of text": {
			"Name Description Expiration Type\n\nanon Whether your name is shown to the members who read. 2 weeks Functionality\n\ns_token Keeps forms safe. 2 hours Strictly Necessary",
			"anon functional 14, s_token necessary 0.08333333333333333",
		},
		"no names": {
			"| Service | Purpose | Cookie? |\n|---|---|---|\n| Vimeo | Shows films | Yes, but only when you press the button to play one |\n\n" +
				"Write to privacy[at]shop[dot]test. Other cookies \"survive\" the browser.\n\n### 10.2 Cookies of ours",
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range readCase(t, c.text).Cookies {
				got = append(got, c.Name+" "+string(c.Category)+" "+daysOf(c.DurationDays))
			}
			assert.Equal(t, c.want, strings.Join(got, ", "))
		})
	}
}

// TestOtherTables reads tables that have the headers of tables of cookies and are of something else.
func TestOtherTables(t *testing.T) {
	const privacy = "# Privacy policy\n\nThis policy tells how we process your personal data. We collect as little data as we can.\n\n"
	for name, text := range map[string]string{
		"prices":     "## Tickets\n\nName\tPurpose\tDuration\tPrice\nDay\tA visit\t1 day\t12 EUR\nYear\tFree entry\t1 year\t49 EUR\nfamily\tA visit with children\t1 day\t25 EUR",
		"processors": "## Who processes data for us\n\n| Name | Purpose | Retention |\n|---|---|---|\n| Stripe | Payments | 7 years |\n| Vimeo | Films | 30 days |",
		"data":       "## How long we keep data\n\nData\tPurpose\tDuration\nInvoices\tBookkeeping\t10 years\nCVs\tHiring\t2 years\nCCTV\tSafety of our houses\t30 days\nAccount\tOur contract\t3 years",
		"hours":      "## Reading room\n\nday          from     to       closed\nmonday       9:00     17:00    1 hour earlier in august\ntuesday      9:00     17:00    1 hour earlier in august",
		"retention":  "## How long we keep data\n\n| Name | Purpose | Retention |\n|---|---|---|\n| Invoices | Bookkeeping | 10 years |\n| applications | Hiring | 6 months |",
	} {
		t.Run(name, func(t *testing.T) { assert.Empty(t, readWhole(t, privacy+text).Cookies) })
	}
}

func TestVendorLists(t *testing.T) {
	p := readCase(t, "## Third-party providers on this site\n\n* [Vimeo](https://vimeo.com/terms)\n* [Hotjar](https://hotjar.com/legal)\n* [Matomo](https://matomo.org)\n* [Picture Archive](https://archive.test/terms)")
	assert.Equal(t, []string{"Vimeo", "Hotjar", "Matomo", "Picture Archive"}, vendorNames(p))
	p = readCase(t, "## How to manage cookies in your browser\n\n* [Vimeo](https://vimeo.com/terms)\n* [Hotjar](https://hotjar.com/legal)")
	assert.Empty(t, vendorNames(p))
	p = readCase(t, "Payments are processed by our reseller, Number X Europe Ltd.")
	assert.NotContains(t, vendorNames(p), "X")
}

func daysOf(days *float64) string {
	if days == nil {
		return "-"
	}
	return strconv.FormatFloat(*days, 'f', -1, 64)
}
