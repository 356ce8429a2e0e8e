package consent

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestToldIsBounded(t *testing.T) {
	long := strings.Repeat("é", 1<<20)
	told := Told{
		TCF: long, GPP: long, USP: long, Managers: []int{-1, 0, 1 << 20}, Groups: [][]string{{"a"}, {long, long, long, long}},
		Modes: []Mode{{Command: long, Granted: make([]string, 1000), Denied: []string{long}}},
	}
	for range 2000 {
		told.Modes = append(told.Modes, Mode{})
		told.Groups = append(told.Groups, []string{"a", "b", "c", ""})
	}
	told.Bound()
	assert.LessOrEqual(t, len(told.TCF)+len(told.GPP)+len(told.USP), 40_020)
	assert.Equal(t, []int{0}, told.Managers)
	assert.Len(t, told.Modes, 100)
	assert.Len(t, told.Modes[0].Granted, 30)
	assert.Len(t, told.Groups, 1000)
	assert.LessOrEqual(t, len(told.Groups[0][0]), 200)
}

func TestBannersOfBoxes(t *testing.T) {
	button := func(texts ...string) (all []Element) {
		for i, s := range texts {
			all = append(all, Element{N: i, Text: s})
		}
		return all
	}
	for name, test := range map[string]struct {
		text           string
		buttons        []Element
		fields         int
		banner, choice bool
	}{
		"banner":     {"We use cookies and similar technologies.", button("Reject all", "Accept all"), 0, true, true},
		"notice":     {"Wir verwenden Cookies. Mehr dazu in der Datenschutzerklärung.", button("Verstanden"), 0, true, false},
		"newsletter": {"Our newsletter: we use cookies, see our privacy policy.", button("Agree"), 1, false, false},
		"age":        {"You must be over 18. We use cookies.", button("Yes", "No"), 0, false, false},
		"bakery":     {"Fresh cookies today!", button("Close"), 0, false, false},
		"tracker":    {"Avec votre accord, nous mesurons l'audience.", button("Tout refuser", "OK pour moi"), 0, false, false},
		"settings":   {"Nous utilisons des cookies.", button("Paramétrer", "OK"), 0, true, true},
	} {
		view := View{Boxes: []Box{{Manager: -1, Text: test.text, Buttons: test.buttons, Fields: test.fields}}}
		banners := view.Banners()
		if assert.Equal(t, test.banner, len(banners) == 1, name) && test.banner {
			assert.Equal(t, test.choice, banners[0].Choice(), name)
		}
	}
	silent := Box{Manager: -1, Named: true, Text: "Avec votre accord, nous mesurons l'audience.", Buttons: button("Tout refuser", "OK pour moi")}
	assert.Len(t, View{Boxes: []Box{silent}}.Banners(), 1, "named for cookies")
	silent.Buttons = button("OK")
	assert.Empty(t, View{Boxes: []Box{silent}}.Banners(), "a name alone asks for nothing")
	ok := Banner{Pressed: map[Button][]Element{Inform: button("OK"), Settings: button("Settings")}}
	assert.Equal(t, "OK", ok.To(Accept).Text, "OK accepts where there is something else to choose")
	assert.Nil(t, ok.To(Reject))
}
