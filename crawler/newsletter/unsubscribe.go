package newsletter

import "strings"

// endings are the words with which links end or change a subscription, in the languages that policies are read in and
// some more. A link of that kind must know whose subscription it ends, so what it carries does not track.
var endings = []string{
	"unsubscribe", "unsub", "opt-out", "optout", "opt_out", "preferences", "manage-subscription", "list-manage.com/profile",
	"abmelden", "abmeldung", "abbestellen", "austragen", "désinscri", "desinscri", "désabonn", "desabonn", "darse de baja",
	"cancelar suscrip", "baja de la lista", "cancelar inscri", "disiscri", "cancella iscrizione", "cancellati", "afmelden",
	"uitschrijven", "wypisz", "zrezygnuj", "avregistrera", "avmeld", "afmeld", "odhlásit", "peruuta tilaus",
}

// endsSubscription reports whether the text or the address of a link says that it ends a subscription.
func endsSubscription(text string) bool {
	text = strings.ToLower(text)
	for _, word := range endings {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
