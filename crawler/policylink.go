package crawler

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// policyKind is what a policy is about, as far as its link tells.
type policyKind int

const (
	noPolicy policyKind = iota
	privacyPolicy
	cookiePolicy
)

// policyLink is a link that smells of a policy.
type policyLink struct {
	url   string
	kind  policyKind
	score int
}

// maxPolicyText is the longest text of a policy link in bytes; a longer one is a teaser of an article.
const maxPolicyText = 80

// minPolicyScore is what it takes to be followed: a name of a policy in the text, or two signs in the address. With
// weakPolicyScore, privacy among a few other words ("Legal & privacy"), a link is followed where there is no better.
const (
	minPolicyScore  = 3
	weakPolicyScore = 2
)

// findPolicyLink tells whether a link leads to a policy of the site, by its text and its address. Both are compared
// without case and accents, the address by its words. Links that only open the settings of a banner, and articles
// about privacy, are none.
func findPolicyLink(link Link) (policyLink, bool) {
	if link.Rel != RelAnchor && link.Rel != RelArea && link.Rel != RelSitemap {
		return policyLink{}, false
	}
	address, err := Normalise(link.URL)
	if err != nil {
		return policyLink{}, false
	}
	text := ""
	if link.Rel != RelSitemap {
		text = plainWords(link.Text)
	}
	words, last := addressWords(address)
	p := policyLink{url: address}
	p.kind, p.score = scorePolicy(text, words, last)
	p.score -= penalty(text, words)
	weak := p.score == weakPolicyScore && privacyWords.within(text)
	return p, p.score >= minPolicyScore || weak
}

func scorePolicy(text, words, last string) (policyKind, int) {
	cookie := scoreText(text, cookieNames, cookieWords) + scoreAddress(words, last, cookieNames, cookieWords)
	privacy := scoreText(text, privacyNames, privacyWords) + scoreAddress(words, last, privacyNames, privacyWords)
	if privacy > 0 && len(strings.Fields(text)) <= 4 && privacyWords.within(text) {
		privacy++ // "Terms and privacy"; the word has few other uses, where cookies are also baked
	}
	if cookie > 0 && cookie >= privacy-1 {
		return cookiePolicy, max(cookie, privacy)
	}
	return privacyPolicy, privacy
}

// scoreText gives 4 for a text that is the name of a policy, 3 for one that holds it or is the bare word.
func scoreText(text string, names, words phrases) int {
	if text == "" || len(text) > maxPolicyText {
		return 0
	}
	switch {
	case names.are(text):
		return 4
	case names.within(text), words.are(text):
		return 3
	case words.within(text):
		return 1
	default:
		return 0
	}
}

// scoreAddress gives 3 for an address whose last part is the name of a policy, 2 for the bare word, 1 for one that
// merely holds either.
func scoreAddress(words, last string, names, bare phrases) int {
	switch {
	case last == "":
		return 0
	case names.are(last):
		return 3
	case bare.are(last), names.within(last):
		return 2
	case names.within(words), bare.within(last):
		return 1
	default:
		return 0
	}
}

// penalty counts against a link what only looks like a policy.
func penalty(text, words string) int {
	n := 0
	if settingWords.within(text) || settingWords.within(words) {
		n += 3
	}
	named := privacyNames.are(text) || cookieNames.are(text)
	if !named && articleWords.within(words) {
		n += 3
	}
	return n
}

// phrases is a set of phrases of one word or more, folded as plainWords does.
type phrases struct {
	set     map[string]bool
	longest int // words
}

func phrasesOf(list ...string) phrases {
	p := phrases{set: set(list...)}
	for _, phrase := range list {
		p.longest = max(p.longest, 1+strings.Count(phrase, " "))
	}
	return p
}

// are reports whether text is one of the phrases.
func (p phrases) are(text string) bool { return p.set[text] }

// within reports whether one of the phrases stands in text, whose words have one blank between them.
func (p phrases) within(text string) bool {
	for start := 0; start < len(text); start = wordEnd(text, start) + 1 {
		for n, end := 0, start-1; n < p.longest && end < len(text); n++ {
			if end = wordEnd(text, end+1); p.set[text[start:end]] {
				return true
			}
		}
	}
	return false
}

// wordEnd returns where the word that begins at start ends.
func wordEnd(text string, start int) int {
	if start >= len(text) {
		return len(text)
	}
	if n := strings.IndexByte(text[start:], ' '); n >= 0 {
		return start + n
	}
	return len(text)
}

var letters = strings.NewReplacer("ł", "l", "ø", "o", "æ", "ae", "ß", "ss", "đ", "d")

// plainWords folds a text to lower-case words without accents or punctuation, one blank between them.
func plainWords(text string) string {
	if len(text) > 4*maxPolicyText {
		text = text[:4*maxPolicyText]
	}
	text = strings.ToLower(strings.ToValidUTF8(text, " "))
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
		text = withoutAccents(letters.Replace(text))
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

func withoutAccents(text string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(text)))
}

// addressWords returns the words of the path, and those of its last part alone. A value in the query that names a
// policy counts as one more part, so that "?page=privacy-policy" is read too.
func addressWords(address string) (words, last string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if last := len(parts) - 1; strings.ContainsRune(parts[last], '.') {
		parts[last] = parts[last][:strings.LastIndexByte(parts[last], '.')]
	}
	for i, p := range parts {
		parts[i] = plainWords(splitCamel(p))
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		_, value, _ := strings.Cut(pair, "=")
		value = plainWords(splitCamel(value))
		if privacyNames.within(value) || cookieNames.within(value) || privacyWords.within(value) {
			parts = append(parts, value)
		}
	}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " "), parts[len(parts)-1]
}

// splitCamel writes "PrivacyPolicy" as "Privacy Policy".
func splitCamel(s string) string {
	var b strings.Builder
	lower := false
	for _, r := range s {
		if lower && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		lower = unicode.IsLower(r)
	}
	return b.String()
}

// The names that policies go by, folded as plainWords does: in English, German, French, Spanish, Italian, Dutch,
// Portuguese, Polish, Swedish and Danish, then Norwegian, Finnish, Czech and others that come along. The words alone
// are weaker: they need a second sign, or to be all the text.
var (
	privacyNames = phrasesOf(
		"privacy policy", "privacy notice", "privacy statement", "privacy and cookies", "privacy cookies",
		"privacy and cookie policy", "privacy policies", "data protection policy", "privacypolicy",
		"data protection notice", "data protection statement", "data policy", "privacy information",
		"privacy center", "privacy centre", "privacy disclosure", "website privacy",
		"datenschutzerklaerung", "datenschutzerklarung", "datenschutzhinweise", "datenschutzhinweis",
		"datenschutzinformation", "datenschutzinformationen", "datenschutzbestimmungen", "datenschutzrichtlinie",
		"datenschutzrichtlinien", "hinweise zum datenschutz", "informationen zum datenschutz", "datenschutzbestimmung",
		"politique de confidentialite", "charte de confidentialite",
		"protection des donnees personnelles", "politique de protection des donnees",
		"declaration de confidentialite", "avis de confidentialite", "politique de vie privee",
		"politica de privacidad", "aviso de privacidad", "politica de proteccion de datos",
		"declaracion de privacidad",
		"informativa sulla privacy", "informativa privacy", "informativa sulla protezione dei dati", "politica sulla privacy",
		"protezione dei dati personali", "trattamento dei dati personali",
		"privacybeleid", "privacyverklaring", "privacystatement", "privacy beleid", "privacy verklaring",
		"privacyreglement",
		"politica de privacidade", "aviso de privacidade", "declaracao de privacidade",
		"polityka prywatnosci", "ochrona danych osobowych", "ochrona prywatnosci",
		"integritetspolicy", "sekretesspolicy", "dataskyddspolicy", "personuppgiftspolicy",
		"integritetsmeddelande", "behandling av personuppgifter",
		"privatlivspolitik", "persondatapolitik", "fortrolighedspolitik",
		"databeskyttelsespolitik", "behandling af personoplysninger",
		"personvernerklaering", "tietosuojaseloste", "tietosuojakaytanto",
		"cookies and privacy", "cookies privacy", "cookie and privacy policy", "datenschutz und cookies", "datenschutz cookies",
		"cookies und datenschutz", "confidentialite et cookies", "cookies et confidentialite", "privacidad y cookies",
		"cookies y privacidad", "privacy e cookie", "privacy en cookies", "privacidade e cookies", "prywatnosc i cookies",
		"integritet och cookies", "privatliv og cookies", "cookies og privatliv",
		"ochrana osobnich udaju", "zasady ochrany osobnich udaju", "ochrana osobnych udajov", "adatvedelem",
		"adatvedelmi tajekoztato", "politica de confidentialitate", "izjava o privatnosti",
	)
	privacyWords = phrasesOf(
		"privacy", "datenschutz", "confidentialite", "privacidad", "privacidade", "prywatnosc", "integritet", "privatliv",
		"riservatezza", "sekretess", "fortrolighed",
		"data protection", "data privacy", "your privacy", "datenschutz", "protection des donnees", "vie privee", "donnees personnelles",
		"proteccion de datos", "tratamiento de datos", "protezione dei dati", "trattamento dei dati", "gegevensbescherming", "protecao de dados", "ochrona danych", "dataskydd",
		"personuppgifter", "databeskyttelse", "persondata", "personvern", "tietosuoja", "rgpd", "gdpr", "dsgvo",
	)
	cookieNames = phrasesOf(
		"cookie policy", "cookies policy", "cookie notice", "cookies notice", "cookie statement", "cookie declaration",
		"cookie information", "about cookies", "use of cookies", "our use of cookies", "how we use cookies",
		"cookie disclosure", "list of cookies", "cookie list", "cookies and tracking", "cookies and similar technologies",
		"cookiepolicy",
		"cookie richtlinie", "cookie richtlinien", "cookie erklarung", "cookie erklaerung", "cookie hinweis",
		"cookie hinweise", "cookie information", "cookie informationen", "verwendung von cookies", "cookierichtlinie",
		"politique de cookies", "politique cookies", "politique en matiere de cookies", "politique relative aux cookies",
		"politique des cookies", "politique d utilisation des cookies", "utilisation des cookies", "charte cookies",
		"politica de cookies", "aviso de cookies", "uso de cookies", "utilizacao de cookies", "politica sobre cookies",
		"informativa sui cookie", "informativa cookie", "cookie policy estesa", "politica sui cookie", "uso dei cookie",
		"informativa estesa cookie", "informativa sull uso dei cookie",
		"cookiebeleid", "cookieverklaring", "cookie beleid", "cookie verklaring", "cookiestatement", "gebruik van cookies",
		"polityka cookies", "polityka plikow cookie", "polityka plikow cookies", "pliki cookies", "pliki cookie",
		"informacje o plikach cookie", "polityka ciasteczek", "polityka dotyczaca plikow cookie",
		"om cookies", "om kakor", "kakor", "kakpolicy", "information om cookies", "anvandning av cookies",
		"cookiepolitik", "cookie politik", "cookieerklaering", "brug af cookies", "cookiedeklaration",
		"informasjonskapsler", "bruk av informasjonskapsler", "evasteet", "evastekaytanto", "zasady cookies",
		"zasady pouzivani cookies", "cookie szabalyzat", "politica de cookie uri",
	)
	cookieWords  = phrasesOf("cookie", "cookies", "kakor", "evasteet", "ciasteczka")
	settingWords = phrasesOf(
		"settings", "preferences", "manage", "choices", "choice", "consent", "accept", "reject", "opt out", "do not sell",
		"einstellungen", "anpassen", "verwalten", "akzeptieren", "ablehnen", "parametres", "gerer", "accepter", "refuser",
		"parametrer", "gestion", "configuracion", "configurar", "aceptar", "preferencias", "gestisci", "preferenze",
		"impostazioni", "instellingen", "voorkeuren", "beheren", "definicoes", "configuracoes", "gerir", "ustawienia",
		"zarzadzaj", "installningar", "hantera", "indstillinger", "administrer", "shield", "request", "banner",
	)
	articleWords = phrasesOf(
		"blog", "news", "aktuelles", "presse", "press", "article", "articles", "actualites", "noticias", "nieuws",
		"recipe", "recipes", "rezept", "rezepte", "shop", "product", "products", "produkt", "produkte", "tag", "category",
		"magazin", "magazine", "jobs", "careers", "karriere", "wiki", "forum", "login", "solutions", "webinar", "events",
	)
)
