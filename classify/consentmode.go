package classify

import (
	"strings"

	"trackscan/crawler"
)

// GoogleConsent is what Google Consent Mode says of four purposes.
type GoogleConsent struct{ Ads, Analytics, UserData, Personalisation grant }

// ParseGCS decodes the parameter gcs of Google's requests: "G1", then 1 or 0 for ad_storage and for analytics_storage;
// "-" where Consent Mode is not in use.
func ParseGCS(s string) (GoogleConsent, error) {
	if len(s) < 4 || len(s) > 5 || s[:2] != "G1" || strings.Trim(s[2:], "01-") != "" {
		return GoogleConsent{}, errConsentString
	}
	flag := map[byte]grant{'0': denied, '1': granted}
	return GoogleConsent{Ads: flag[s[2]], Analytics: flag[s[3]]}, nil
}

// gcdLetters say how a signal came to be what it is: by default, by an update, or by one after the other. The meanings
// are those that Google's own consent debugging shows; other letters say nothing.
var gcdLetters = map[byte]grant{
	'p': denied, 'q': denied, 'm': denied, 'u': denied, // default; default and update; update alone; update after a default that granted
	't': granted, 'v': granted, 'n': granted, 'r': granted, // likewise
}

// ParseGCD decodes the parameter gcd of Google's requests, "13r3v3r3r5l1": a prefix of two figures, then a letter for
// each of ad_storage, analytics_storage, ad_user_data and ad_personalization with a figure after each, then what is of
// no concern here.
func ParseGCD(s string) (GoogleConsent, error) {
	const first, step, signals = 2, 2, 4
	if len(s) < first+step*signals-1 || len(s) > 32 || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return GoogleConsent{}, errConsentString
	}
	if !isDigit(s[0]) || !isDigit(s[1]) {
		return GoogleConsent{}, errConsentString
	}
	letter := func(i int) grant { return gcdLetters[s[first+step*i]] }
	return GoogleConsent{Ads: letter(0), Analytics: letter(1), UserData: letter(2), Personalisation: letter(3)}, nil
}

// and joins what two parameters of one request say.
func (c GoogleConsent) and(other GoogleConsent) GoogleConsent {
	return GoogleConsent{
		Ads: c.Ads.and(other.Ads), Analytics: c.Analytics.and(other.Analytics),
		UserData: c.UserData.and(other.UserData), Personalisation: c.Personalisation.and(other.Personalisation),
	}
}

// consentOf is what the commands of Consent Mode in dataLayer come to at last: updates after defaults, later ones over
// earlier ones.
func consentOf(modes []crawler.ConsentMode) GoogleConsent {
	var c GoogleConsent
	for _, command := range []string{"default", "update"} {
		for _, m := range modes {
			if m.Command != command {
				continue
			}
			c.set(m.Granted, granted)
			c.set(m.Denied, denied)
		}
	}
	return c
}

func (c *GoogleConsent) set(signals []string, g grant) {
	for _, s := range signals {
		switch s {
		case "ad_storage":
			c.Ads = g
		case "analytics_storage":
			c.Analytics = g
		case "ad_user_data":
			c.UserData = g
		case "ad_personalization":
			c.Personalisation = g
		}
	}
}

// words says it for people, empty when nothing was told. What may be sent and used for personalised ads is told where
// it differs from storage for ads.
func (c GoogleConsent) words() string {
	says := []purposeGrant{{"ads", c.Ads}, {"analytics", c.Analytics}}
	if c.UserData != c.Ads {
		says = append(says, purposeGrant{"sending user data for ads", c.UserData})
	}
	if c.Personalisation != c.Ads {
		says = append(says, purposeGrant{"personalised ads", c.Personalisation})
	}
	return consentWords(says)
}

// purposeGrant is a purpose in words and what was told about it.
type purposeGrant struct {
	purpose string
	grant   grant
}

// consentWords makes one phrase of them: "no consent for ads or analytics", "consent for analytics, not for ads".
func consentWords(list []purposeGrant) string {
	var yes, no []string
	for _, p := range list {
		switch p.grant {
		case granted:
			yes = append(yes, p.purpose)
		case denied:
			no = append(no, p.purpose)
		}
	}
	switch {
	case len(yes) == 0 && len(no) == 0:
		return ""
	case len(yes) == 0:
		return "no consent for " + enumerate(no, "or")
	case len(no) == 0:
		return "consent for " + enumerate(yes, "and")
	default:
		return "consent for " + enumerate(yes, "and") + ", not for " + enumerate(no, "or")
	}
}

// enumerate joins words as a sentence does: "a, b and c".
func enumerate(list []string, last string) string {
	n := len(list)
	if n < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:n-1], ", ") + " " + last + " " + list[n-1]
}
