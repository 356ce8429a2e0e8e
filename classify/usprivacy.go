package classify

import "strings"

// USPrivacy is an IAB U.S. Privacy String, "1YNN", which Californian sites used before GPP. Each letter is Y, N or "-"
// for "does not apply".
type USPrivacy struct {
	Notice  byte // notice and an opportunity to opt out were given
	OptOut  byte // the visitor opted out of the sale of data
	Covered byte // the publisher takes part in the Limited Service Provider Agreement
}

// ParseUSPrivacy decodes version 1, the only one there is.
func ParseUSPrivacy(s string) (USPrivacy, error) {
	s = strings.ToUpper(s)
	if len(s) != 4 || s[0] != '1' || strings.Trim(s[1:], "YN-") != "" {
		return USPrivacy{}, errConsentString
	}
	return USPrivacy{Notice: s[1], OptOut: s[2], Covered: s[3]}, nil
}

// sale is granted where the visitor did not opt out.
func (u USPrivacy) sale() grant {
	switch u.OptOut {
	case 'Y':
		return denied
	case 'N':
		return granted
	default:
		return untold
	}
}
