package consent

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"github.com/stretchr/testify/assert"
)

// TestManagers walks the files of the consent managers.
func TestManagers(t *testing.T) {
	assert.GreaterOrEqual(t, len(Managers()), 40)
	claimed := map[string]string{}
	for _, m := range Managers() {
		t.Run(m.Name, func(t *testing.T) {
			u, err := url.Parse(m.Home)
			assert.NoError(t, err)
			assert.Equal(t, "https", u.Scheme)
			assert.NotEmpty(t, m.Banner, "how is it seen?")
			for _, fact := range slices.Concat([]string{"name " + m.Name}, m.Banner, m.Panel, m.Global, m.Script) {
				assert.Empty(t, claimed[fact], "%s is claimed twice", fact)
				claimed[fact] = m.Name
			}
			for _, way := range slices.Concat(m.Accept, m.Reject) {
				assert.NotEmpty(t, way)
				checkSelectors(t, way)
			}
			checkSelectors(t, slices.Concat(m.Banner, m.Panel))
			for i := range m.Read {
				checkRecord(t, &m.Read[i])
			}
		})
	}
}

func checkSelectors(t *testing.T, selectors []string) {
	for _, s := range selectors {
		_, err := cascadia.ParseGroup(s)
		assert.NoError(t, err, s)
	}
}

// checkRecord reads the examples of a record, each by itself: a manager may keep several.
func checkRecord(t *testing.T, r *Record) {
	places := slices.DeleteFunc([]string{r.Cookie, r.Local, r.Session, r.API}, func(s string) bool { return s == "" })
	assert.Len(t, places, 1, "one place a record")
	assert.True(t, r.Accept != "" && r.Reject != "", "%s: both answers", places)
	if r.API != "" {
		return
	}
	assert.True(t, len(r.Accepted) > 0 && len(r.Rejected) > 0, "%s: examples", places)
	for want, values := range map[Button][]string{Accept: r.Accepted, Reject: r.Rejected} {
		for _, value := range values {
			assert.Equal(t, want, r.means(value), value)
			assert.Equal(t, want, r.means(strings.ReplaceAll(url.QueryEscape(value), "+", "%20")), "escaped: %s", value)
		}
	}
	assert.Equal(t, Other, r.means(""))
	assert.Equal(t, Other, r.means("%zz"), "what cannot be read decides nothing")
}

func TestRenamedRecords(t *testing.T) {
	at := slices.IndexFunc(Managers(), func(m *Manager) bool { return m.Name == "Cookie Consent (orestbida)" })
	m := Managers()[at]
	changed := Stored{{"cookie", "_ga", "GA1.1.5"}, {"local", "choice_of_ours", `{"categories":["necessary","ads"],"revision":2}`}}
	assert.Equal(t, "local storage choice_of_ours", m.Renamed(changed, Accept))
	assert.Empty(t, m.Renamed(changed, Reject), "says the opposite")
	assert.Empty(t, m.Renamed(changed[:1], Accept), "what a tracker stores is no record")
}
