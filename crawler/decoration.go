package crawler

// Decoration is a parameter that was put into a link to another site: one that holds an identifier that the browser
// keeps, or one that is known to number clicks. Values are never kept.
type Decoration struct {
	Host    string   `json:"host"` // where the link leads
	Param   string   `json:"param"`
	Carries []string `json:"carries,omitempty"` // Traits.Hash of the identifiers in it, sorted
	Passed  bool     `json:"passed,omitempty"`  // it holds the number of the click by which the visitor came
}

// ClickParams are parameters that number a click on a link or carry a visitor's number to another site, with who reads
// them, as their makers document them.
var ClickParams = map[string]string{
	"gclid": "Google Ads", "gbraid": "Google Ads", "wbraid": "Google Ads", "dclid": "Google Ads", "gclsrc": "Google Ads",
	"_gl": "Google Analytics", "_ga": "Google Analytics", "fbclid": "Meta", "msclkid": "Microsoft Advertising",
	"ttclid": "TikTok", "twclid": "X", "li_fat_id": "LinkedIn", "epik": "Pinterest", "ScCid": "Snapchat",
	"rdt_cid": "Reddit", "yclid": "Yandex", "mc_eid": "Mailchimp", "_hsenc": "HubSpot", "__hssc": "HubSpot",
	"__hstc": "HubSpot", "mkt_tok": "Marketo", "irclickid": "Impact", "vero_id": "Vero", "_kx": "Klaviyo",
	"wickedid": "Wicked Reports", "oly_anon_id": "Omeda", "oly_enc_id": "Omeda", "s_cid": "Adobe Analytics",
	"ef_id": "Adobe Advertising", "s_kwcid": "Adobe Advertising", "ymclid": "Yandex", "ysclid": "Yandex",
	"igshid": "Instagram", "srsltid": "Google Merchant Center", "cjevent": "CJ Affiliate", "awc": "Awin",
	"ranSiteID": "Rakuten", "tblci": "Taboola", "dicbo": "Outbrain", "qclid": "Quora", "__s": "Drip",
	"__hsfp": "HubSpot", "ml_subscriber_hash": "MailerLite", "_branch_match_id": "Branch",
}
