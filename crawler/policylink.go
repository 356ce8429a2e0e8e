package crawler

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
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

// minPolicyScore is what it takes to be followed: a name of a policy in the text, or two signs in the address.
const minPolicyScore = 3

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
	words := addressWords(address)
	p := policyLink{url: address}
	p.kind, p.score = scorePolicy(text, words)
	p.score -= penalty(text, words)
	return p, p.score >= minPolicyScore
}

func scorePolicy(text, words string) (policyKind, int) {
	cookie := scoreText(text, cookieNames, cookieWords) + scoreAddress(words, cookieNames, cookieWords)
	privacy := scoreText(text, privacyNames, privacyWords) + scoreAddress(words, privacyNames, privacyWords)
	if privacy > 0 && len(strings.Fields(text)) <= 4 && holdsAny(text, privacyWords) {
		privacy++ // "Terms and privacy"; the word has few other uses, where cookies are also baked
	}
	if cookie > 0 && cookie >= privacy-1 {
		return cookiePolicy, max(cookie, privacy)
	}
	return privacyPolicy, privacy
}

// scoreText gives 4 for a text that is the name of a policy, 3 for one that holds it or is the bare word.
func scoreText(text string, names, words []string) int {
	if text == "" || len(text) > maxPolicyText {
		return 0
	}
	switch {
	case slices.Contains(names, text):
		return 4
	case holdsAny(text, names), slices.Contains(words, text):
		return 3
	case holdsAny(text, words):
		return 1
	default:
		return 0
	}
}

// scoreAddress gives 3 for an address whose last part is the name of a policy, 2 for the bare word, 1 for one that
// merely holds either.
func scoreAddress(words string, names, bare []string) int {
	last := strings.TrimSpace(words[strings.LastIndexByte(words, '/')+1:])
	switch {
	case last == "":
		return 0
	case slices.Contains(names, last):
		return 3
	case slices.Contains(bare, last), holdsAny(last, names):
		return 2
	case holdsAny(words, names), holdsAny(last, bare):
		return 1
	default:
		return 0
	}
}

// holdsAny reports whether one of the phrases stands in text as whole words.
func holdsAny(text string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool {
		return strings.Contains(" "+strings.ReplaceAll(text, "/", " ")+" ", " "+p+" ")
	})
}

// penalty counts against a link what only looks like a policy.
func penalty(text, words string) int {
	n := 0
	if holdsAny(text, settingWords) || holdsAny(words, settingWords) {
		n += 3
	}
	named := slices.Contains(privacyNames, text) || slices.Contains(cookieNames, text)
	if !named && holdsAny(words, articleWords) {
		n += 3
	}
	return n
}

var accents = transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)

// plainWords folds a text to lower-case words without accents or punctuation, one blank between them.
func plainWords(text string) string {
	if len(text) > 4*maxPolicyText {
		text = text[:4*maxPolicyText]
	}
	text = strings.ToLower(strings.ToValidUTF8(text, " "))
	text = strings.NewReplacer("ł", "l", "ø", "o", "æ", "ae", "ß", "ss", "đ", "d").Replace(text)
	if folded, _, err := transform.String(accents, text); err == nil {
		text = folded
	}
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// addressWords returns the words of each part of the path, the parts joined by "/"; of the query the values count as
// one more part, so that "?page=privacy-policy" is read too.
func addressWords(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if last := len(parts) - 1; strings.ContainsRune(parts[last], '.') {
		parts[last] = parts[last][:strings.LastIndexByte(parts[last], '.')]
	}
	for _, pair := range strings.Split(u.RawQuery, "&") {
		if _, value, _ := strings.Cut(pair, "="); value != "" && scorePart(value) {
			parts = append(parts, value)
		}
	}
	for i, p := range parts {
		parts[i] = plainWords(splitCamel(p))
	}
	return strings.Join(parts, "/")
}

func scorePart(value string) bool {
	words := plainWords(splitCamel(value))
	return holdsAny(words, privacyNames) || holdsAny(words, cookieNames) || holdsAny(words, privacyWords)
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
	privacyNames = []string{
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
		"ochrana osobnich udaju", "zasady ochrany osobnich udaju", "ochrana osobnych udajov", "adatvedelem",
		"adatvedelmi tajekoztato", "politica de confidentialitate", "izjava o privatnosti",
	}
	privacyWords = []string{
		"privacy", "datenschutz", "confidentialite", "privacidad", "privacidade", "prywatnosc", "integritet", "privatliv",
		"riservatezza", "sekretess", "fortrolighed",
		"data protection", "data privacy", "your privacy", "datenschutz", "protection des donnees", "vie privee", "donnees personnelles",
		"proteccion de datos", "tratamiento de datos", "protezione dei dati", "trattamento dei dati", "gegevensbescherming", "protecao de dados", "ochrona danych", "dataskydd",
		"personuppgifter", "databeskyttelse", "persondata", "personvern", "tietosuoja", "rgpd", "gdpr", "dsgvo",
	}
	cookieNames = []string{
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
	}
	cookieWords  = []string{"cookie", "cookies", "kakor", "evasteet", "ciasteczka"}
	settingWords = []string{
		"settings", "preferences", "manage", "choices", "choice", "consent", "accept", "reject", "opt out", "do not sell",
		"einstellungen", "anpassen", "verwalten", "akzeptieren", "ablehnen", "parametres", "gerer", "accepter", "refuser",
		"parametrer", "gestion", "configuracion", "configurar", "aceptar", "preferencias", "gestisci", "preferenze",
		"impostazioni", "instellingen", "voorkeuren", "beheren", "definicoes", "configuracoes", "gerir", "ustawienia",
		"zarzadzaj", "installningar", "hantera", "indstillinger", "administrer", "shield", "request", "banner",
	}
	articleWords = []string{
		"blog", "news", "aktuelles", "presse", "press", "article", "articles", "actualites", "noticias", "nieuws",
		"recipe", "recipes", "rezept", "rezepte", "shop", "product", "products", "produkt", "produkte", "tag", "category",
		"magazin", "magazine", "jobs", "careers", "karriere", "wiki", "forum", "login", "solutions", "webinar", "events",
	}
)
