package npm

import (
	"io/fs"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPackage(t *testing.T) {
	files := Package(t, "cookieconsent@3.1.1")
	text, err := fs.ReadFile(files, "build/cookieconsent.min.js")
	require.NoError(t, err)
	assert.Contains(t, string(text), "cookieconsent_status")
	w := httptest.NewRecorder()
	Handler(t, "cookieconsent@3.1.1", "/npm/cookieconsent@3/").
		ServeHTTP(w, httptest.NewRequest("GET", "/npm/cookieconsent@3/build/cookieconsent.min.js", nil))
	assert.Equal(t, 200, w.Code)
	assert.Equal(t, string(text), w.Body.String())
	assert.Contains(t, w.Header().Get("Content-Type"), "javascript")
}

func TestFetchWantsExactVersions(t *testing.T) {
	for _, name := range []string{"klaro", "klaro@latest", "@iabtcf/core", "klaro@^1.0.0"} {
		_, err := fetch(t.Context(), name)
		assert.ErrorContains(t, err, "exact version", name)
	}
}
