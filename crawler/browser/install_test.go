package browser

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// archive packs files, each with the mode of a program.
func archive(t *testing.T, names ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range names {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate}
		h.SetMode(0o755)
		w, err := z.CreateHeader(h)
		require.NoError(t, err)
		_, err = io.WriteString(w, "#!/bin/sh\nexit 0\n")
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// mirror serves a list of versions and one build.
func mirror(t *testing.T, build []byte) *httptest.Server {
	t.Helper()
	platform, err := platformName(runtime.GOOS, runtime.GOARCH)
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(nil)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/list.json" {
			fmt.Fprintf(w, `{"channels":{"Stable":{"version":"156.0.1","downloads":{"chrome":[{"platform":"other","url":"x"},{"platform":%q,"url":"%s/chrome.zip"}]}}}}`,
				platform, "http://"+r.Host)
			return
		}
		_, _ = w.Write(build)
	})
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func TestInstall(t *testing.T) {
	cache := t.TempDir()
	server := mirror(t, archive(t, "chrome-linux64/chrome", "chrome-linux64/locales/de.pak"))
	path, err := Install(t.Context(), server.URL+"/list.json", cache, io.Discard)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(cache, "browser", "156.0.1", "chrome-linux64", "chrome"), path)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&0o100, "can be run")
	require.Equal(t, []string{path}, installed(cache))
	again, err := Install(t.Context(), server.URL+"/list.json", cache, io.Discard)
	require.NoError(t, err)
	require.Equal(t, path, again)
}

func TestInstallRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		build []byte
		want  string
	}{
		"a file that leads out": {archive(t, "../../evil"), "lies outside"},
		"an absolute file":      {archive(t, "/etc/evil"), "lies outside"},
		"no archive":            {[]byte("<html>captive portal</html>"), "not a valid zip"},
		"no browser in it":      {archive(t, "readme/README"), "holds no chrome"},
	} {
		t.Run(name, func(t *testing.T) {
			cache := t.TempDir()
			_, err := Install(t.Context(), mirror(t, c.build).URL+"/list.json", cache, io.Discard)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, installed(cache))
			left, err := os.ReadDir(filepath.Join(cache, "browser"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
	_, err := Install(t.Context(), httptest.NewServer(http.NotFoundHandler()).URL, t.TempDir(), io.Discard)
	require.ErrorContains(t, err, "404")
}

func TestFind(t *testing.T) {
	folder := t.TempDir()
	program := filepath.Join(folder, "chromium")
	require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755))
	t.Setenv("PATH", folder)
	path, err := Find("", t.TempDir())
	require.NoError(t, err)
	require.Equal(t, program, path)
	path, err = Find(program, "")
	require.NoError(t, err)
	require.Equal(t, program, path)
	path, err = Find("ws://127.0.0.1:9222", "")
	require.NoError(t, err)
	require.Equal(t, "ws://127.0.0.1:9222", path)
	_, err = Find(filepath.Join(folder, "none"), "")
	require.ErrorIs(t, err, ErrNoBrowser)
	t.Setenv("PATH", t.TempDir())
	_, err = Find("", t.TempDir())
	require.ErrorIs(t, err, ErrNoBrowser)
}

func TestFlags(t *testing.T) {
	all := fmt.Sprint(flags(Options{}))
	require.Contains(t, all, "disable-extensions", "an ad blocker in the scanner makes every site look clean")
	require.NotContains(t, all, "enable-automation", "trackers fall silent")
	require.NotContains(t, all, "ignore-certificate-errors")
	require.True(t, strings.Contains(fmt.Sprint(flags(Options{Insecure: true})), "ignore-certificate-errors"))
}
