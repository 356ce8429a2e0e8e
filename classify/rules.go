package classify

// Rule documents one rule of findings. Reports, the README and SARIF take their words from here.
type Rule struct {
	ID       string
	Title    string // a few words, for headings
	Means    string // what a finding of this rule says
	ToDo     string // what to do about it
	Severity string // how grave it is, and when
	Before   string // an example of what gives a finding
	After    string // the same put right
}

// The identifiers of the rules.
const (
	RuleUndeclared    = "undeclared"
	RuleContradicted  = "contradicted"
	RuleUnidentified  = "unidentified"
	RuleMiscategorise = "miscategorised"
	RuleOutlives      = "outlives-declaration"
	RuleBrokenClaim   = "broken-claim"
	RuleNoPolicy      = "no-policy"
	RuleUnseen        = "unseen-declaration"
	RuleBeforeConsent = "before-consent"
	RuleDespiteReject = "despite-reject"
	RuleDespiteSignal = "despite-signal"
	RuleNoReject      = "no-reject-option"

	RuleFingerprinting = "fingerprinting"
	RuleRecording      = "session-recording"
	RuleKeyLogging     = "key-logging"
	RuleCloaking       = "cname-cloaking"
	RuleCookieSync     = "cookie-sync"
	RuleDecoration     = "link-decoration"
	RuleBounce         = "bounce-tracking"
	RuleConfigured     = "configured-not-seen"
	RuleRespawning     = "respawning"
	RuleSandbox        = "privacy-sandbox"
)

// Rules lists every rule, in the order in which reports explain them.
var Rules = []Rule{
	{
		ID:    RuleContradicted,
		Title: "The policy says that it is not used",
		Means: "The site uses something that its own policy denies: the policy rules out its kind, its vendor or its " +
			"technique, or gives a list that is said to be complete and does not hold it.",
		ToDo:     "Remove it from the site, or correct the sentence. A false promise is worse than none.",
		Severity: "high",
		Before:   "Policy: \"We use no advertising cookies.\" The site sets the advertising cookie _fbp.",
		After:    "The Meta Pixel is gone from the tag manager, or the policy names it and its purpose.",
	},
	{
		ID:    RuleUndeclared,
		Title: "The policy does not mention it",
		Means: "It is known whose it is or what it is for, and the policy mentions neither its name nor its vendor nor " +
			"its kind.",
		ToDo:     "Add it to the policy with its purpose and lifetime, or remove it from the site.",
		Severity: "medium; low when it is known to be necessary for the site to work",
		Before:   "The site sets _hjSessionUser_* of Hotjar; the policy speaks of Google Analytics only.",
		After:    "Policy: \"Hotjar shows us which parts of a page visitors use. Cookie: _hjSessionUser_*, kept for 1 year.\"",
	},
	{
		ID:    RuleUnidentified,
		Title: "Nobody knows what it is",
		Means: "Neither the catalogue nor the policy can say whose it is or what it is for.",
		ToDo: "Ask the people who build the site. Whatever it is, the policy should name it - or the site should not " +
			"have it.",
		Severity: "medium when it holds an identifier, or is a cookie or beacon of another company; otherwise low",
		Before:   "A cookie xq_7 with a long random value that no list knows.",
		After:    "Policy: \"xq_7 remembers your test group. Kept for 30 days.\"",
	},
	{
		ID:    RuleBeforeConsent,
		Title: "It does not wait for consent",
		Means: "The site does without it, and it is there before the visitor has answered the banner, or where the " +
			"policy promises to ask. What is exempt from consent and the record of the answer itself do not count.",
		ToDo: "Hold it back - in the tag manager, the consent manager or the page - until the visitor agrees to what it " +
			"is for.",
		Severity: "high; low for code that is only downloaded, and for signals that say that there is no consent",
		Before:   "The banner is still open, and _fbp is set.",
		After:    "_fbp is set once the visitor has agreed to advertising.",
	},
	{
		ID:    RuleDespiteReject,
		Title: "It ignores the rejection",
		Means: "The visitor has rejected, and it is there all the same: it was set or contacted once more, or for the " +
			"first time, or what was there before was left in place. The text says which.",
		ToDo:     "Let it depend on consent, and have what was set before the answer deleted when the visitor rejects.",
		Severity: "high; low for code that is only downloaded, and for signals that say that there is no consent",
		Before:   "The visitor clicks “Reject all”, and the next page reports the visit to an ad network.",
		After:    "After “Reject all” no page contacts the ad network.",
	},
	{
		ID:    RuleDespiteSignal,
		Title: "It ignores the privacy signal of the browser",
		Means: "The browser sends Global Privacy Control - or Do Not Track, where the policy honours it - and it " +
			"serves advertising or the sale of data all the same.",
		ToDo:     "Have the tag manager or the consent manager read the signal, and hold it back.",
		Severity: "high; low for code that is only downloaded, and for what is told of the opt-out",
		Before:   "With Sec-GPC: 1 the page still sets the advertising cookie IDE.",
		After:    "With Sec-GPC: 1 no advertising is loaded.",
	},
	{
		ID:    RuleMiscategorise,
		Title: "The policy calls it more harmless than it is",
		Means: "The policy or the consent manager declare it under one category, and it is known to serve another that " +
			"weighs more for visitors, or the consent manager's own grouping says so.",
		ToDo: "Move it to the right section of the policy, and in the consent manager to the right group, so that it " +
			"waits for consent where it must.",
		Severity: "medium",
		Before:   "The policy lists _fbp among the strictly necessary cookies.",
		After:    "The policy lists _fbp among the advertising cookies.",
	},
	{
		ID:       RuleOutlives,
		Title:    "It is kept longer than declared",
		Means:    "The browser keeps it for longer than the policy says, with 5 percent or a day of slack.",
		ToDo:     "Shorten its lifetime where it is set, or correct the lifetime in the policy.",
		Severity: "medium",
		Before:   "Policy: \"_ga - 1 month\". The browser keeps it for 400 days.",
		After:    "Policy: \"_ga - 2 years\", or a cookie lifetime of one month set in Google Analytics.",
	},
	{
		ID:       RuleBrokenClaim,
		Title:    "A promise of the policy does not hold",
		Means:    "The policy makes a promise that can be tested, and the scan saw what breaks it.",
		ToDo:     "Make the promise true, or change the sentence.",
		Severity: "high",
		Before:   "Policy: \"No cookie lives longer than 30 days.\" One is kept for a year.",
		After:    "The cookie ends after 30 days.",
	},
	{
		ID:    RuleFingerprinting,
		Title: "Visitors are recognised by their browser",
		Means: "A script collects traits of browser and device - pictures and sounds that it lets them compute, fonts, " +
			"graphics hardware, network addresses - that together tell one visitor from another.",
		ToDo:     "Remove the script, or let it wait for consent, and say in the policy what it does and why.",
		Severity: "high when the policy denies it or it does not wait for the consent that the site asks for; else medium",
		Before:   "A script draws a line of text on a hidden canvas and reads the picture back.",
		After:    "The script is gone, or starts after consent and stands in the policy.",
	},
	{
		ID:    RuleRecording,
		Title: "Visits are recorded",
		Means: "A script or service follows what visitors do on a page - how they move, click, scroll and type, and what " +
			"the page shows them - and sends it away, so that the visit can be played back like a film.",
		ToDo:     "Remove it, or let it wait for consent, leave out what visitors type, and say so in the policy.",
		Severity: "high when the policy denies it or it does not wait for the consent that the site asks for; else medium",
		Before:   "Hotjar records every visit; the policy speaks of statistics.",
		After:    "Policy: \"With your consent Hotjar records how you use our pages.\"",
	},
	{
		ID:    RuleKeyLogging,
		Title: "What visitors type leaves the page before they send it",
		Means: "Something reads what is typed into a form, or listens to every key, and sends it away although the form " +
			"was not submitted.",
		ToDo:     "Remove it. What visitors have not sent is theirs.",
		Severity: "high when the policy denies it, when it goes to another company or did not wait for consent; else medium",
		Before:   "A tag sends the e-mail address, hashed, while it is typed into the newsletter form.",
		After:    "Nothing leaves before the visitor presses the button.",
	},
	{
		ID:    RuleCookieSync,
		Title: "Companies tell one another who the visitor is",
		Means: "One and the same identifier was told to the servers of several companies, so that each can join what it " +
			"knows of the visitor with what the others know.",
		ToDo:     "Remove the tag that starts it, or let it wait for consent and name every company in the policy.",
		Severity: "high when the policy denies it or it does not wait for the consent that the site asks for; else medium",
		Before:   "An ad exchange redirects its pixel to a data broker with uid=8f3a... in the address.",
		After:    "The exchange is gone, or loaded after consent, and both companies stand in the policy.",
	},
	{
		ID:    RuleSandbox,
		Title: "The browser itself is used for advertising",
		Means: "A script or server uses interfaces by which the browser itself serves ads: it tells topics that the visitor is " +
			"interested in, remembers the visitor for ads, chooses ads, measures their success, or keeps and carries along " +
			"what all sites share.",
		ToDo:     "Remove it, or let it wait for consent to advertising, and say so in the policy.",
		Severity: "high when the policy denies it or it does not wait for the consent that the site asks for; else medium",
		Before:   "A tag calls document.browsingTopics(); the policy speaks of statistics.",
		After:    "Policy: \"With your consent advertisers learn from your browser which topics interest you.\"",
	},
	{
		ID:    RuleCloaking,
		Title: "A tracker hides behind a name of the site",
		Means: "A host under the site's own domain is, by its entry in the DNS, the server of another company. Browsers " +
			"treat it as the site: it gets the site's cookies, and blocking third parties does not reach it.",
		ToDo:     "Remove the entry from the DNS, or name the company in the policy and let it wait for consent.",
		Severity: "high when the policy denies it or it does not wait for the consent that the site asks for; else medium",
		Before:   "metrics.shop.example is an alias of shop.eulerian.net.",
		After:    "The entry is gone.",
	},
	{
		ID:    RuleRespawning,
		Title: "A deleted cookie comes back",
		Means: "The visitor's cookies were deleted between two pages, and on the second one this cookie had the same " +
			"identifier again: a copy was kept elsewhere, or it is computed from traits of the browser.",
		ToDo:     "Have the copy removed, or the script that makes it. Who deletes cookies wants to be forgotten.",
		Severity: "high when the policy denies it or it does not wait for the consent that the site asks for; else medium",
		Before:   "A script keeps the cookie uid in local storage as well and sets it again from there.",
		After:    "The cookie is the only copy.",
	},
	{
		ID:    RuleDecoration,
		Title: "Links carry an identifier from site to site",
		Means: "Links to other sites hold a parameter by which the visitor, or the click, is recognised there, as cookies " +
			"of third parties once did; or the number of the click by which a visitor came is kept here or told to others. " +
			"To see that, one visit of each scan comes with made-up numbers of clicks.",
		ToDo:     "Switch the decoration of links, or the reading of it, off, or say in the policy for what it is used.",
		Severity: "low",
		Before:   "Links to a partner end in _gl=1*abc*...",
		After:    "The partner's domain is no longer in the list for cross-domain measurement.",
	},
	{
		ID:    RuleBounce,
		Title: "The way to a page leads through a tracker",
		Means: "A link of the site is redirected by the server of another company, which keeps an identifier while the " +
			"visitor passes, as if it had been visited itself.",
		ToDo:     "Link the page itself.",
		Severity: "low",
		Before:   "/go leads to click.tracker.example, which sets a cookie and leads on.",
		After:    "/go leads to the page.",
	},
	{
		ID:    RuleConfigured,
		Title: "A tag manager is set up to load it",
		Means: "A container that the site loads, or the code of its pages, holds a tag of this service. It did not start in this scan - it may wait " +
			"for consent, a purchase or a page that was not visited - and it can start without any change of the site.",
		ToDo:     "Take the tag out of the container if nobody needs it; else declare it before it starts.",
		Severity: "low",
		Before:   "The container GTM-ABC123 holds a tag of the Meta Pixel that was paused after a campaign.",
		After:    "The tag is deleted from the container, and the new version is published.",
	},
	{
		ID:    RuleNoPolicy,
		Title: "No policy was found",
		Means: "None of the pages links to a privacy or cookie policy that could be recognised as one, so nothing " +
			"could be compared.",
		ToDo:     "Link the policy from every page, in the footer for instance. If there is one, name it with --policy.",
		Severity: "medium",
		Before:   "A campaign page with a tracking pixel and no link to a policy.",
		After:    "The footer of the campaign page links to the cookie policy.",
	},
	{
		ID:    RuleUnseen,
		Title: "Declared, but never seen",
		Means: "The policy names it, and it was on none of the pages. Judged only when no choice stood between the " +
			"visitor and what is declared.",
		ToDo:     "Remove it from the policy if it is no longer used.",
		Severity: "low",
		Before:   "The policy lists a cookie of a service that was removed two years ago.",
		After:    "The policy lists what is there.",
	},
	{
		ID:       RuleNoReject,
		Title:    "The banner cannot be rejected",
		Means:    "There is a banner, and no way to reject was found in it, also not behind its settings.",
		ToDo:     "Give it a button to reject that is as easy to find as the one to accept.",
		Severity: "low",
		Before:   "The banner says “OK” and nothing else.",
		After:    "The banner says “Accept all” and “Reject all”.",
	},
}

// RuleByID returns the rule with this identifier, and false when there is none.
func RuleByID(id string) (Rule, bool) {
	for _, r := range Rules {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}
