// Package npm gives tests real libraries from the npm registry: fetched once by the npm client, kept in the user's cache
// folder, never part of the repository. A test that uses one serves it by a fakeweb.Server under the host name that
// sites load it from:
//
//	server.Handle("cdn.jsdelivr.net", "/npm/klaro@0.7.22/", npm.Handler(t, "klaro@0.7.22", "/npm/klaro@0.7.22/"))
//
// Without npm such a test is skipped, and says so; where TRACKSCAN_REQUIRE is "all" it fails.
package npm

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fetchCap is the time that one package may take to be fetched.
const fetchCap = 2 * time.Minute

// maxUnpacked bounds the bytes of one package.
const maxUnpacked = 200 << 20

// Package returns the files of a package, named with its exact version: "klaro@0.7.22".
func Package(t testing.TB, name string) fs.FS {
	t.Helper()
	dir, err := fetch(t.Context(), name)
	if err == nil {
		return os.DirFS(dir)
	}
	if os.Getenv("TRACKSCAN_REQUIRE") == "all" {
		t.Fatalf("needs %s: %v", name, err)
	}
	t.Skipf("needs %s: %v", name, err)
	return nil
}

// Handler serves the files of a package below a path.
func Handler(t testing.TB, name, below string) http.Handler {
	t.Helper()
	files := http.FileServerFS(Package(t, name))
	return http.StripPrefix(strings.TrimSuffix(below, "/"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*") // as those hosts do
		files.ServeHTTP(w, r)
	}))
}

// fetch returns the folder of a package, fetching it when it is not there.
func fetch(ctx context.Context, name string) (string, error) {
	at := strings.LastIndex(name, "@")
	if at < 1 || strings.Trim(name[at+1:], "0123456789.") != "" {
		return "", fmt.Errorf("%s does not name an exact version", name)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "trackscan-npm", strings.ReplaceAll(name, "/", "+"))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "fetch-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	return dir, download(ctx, name, work, dir)
}

// download has npm pack the package in work, unpacks it there, and gives it its place in one step: tests of several
// packages may fetch the same one.
func download(ctx context.Context, name, work, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchCap)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", name)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("fetch it with npm: %w\n%s", err, out)
	}
	packed, err := filepath.Glob(filepath.Join(work, "*.tgz"))
	if err != nil || len(packed) != 1 {
		return errors.Join(errors.New("npm packed nothing"), err)
	}
	if err := unpack(packed[0], filepath.Join(work, "files")); err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	if err := os.Rename(filepath.Join(work, "files"), dir); err != nil && !errors.Is(err, fs.ErrExist) {
		if _, there := os.Stat(dir); there != nil {
			return err
		}
	}
	return nil
}

// unpack writes the files of an archive below dir, without the folder that all of them lie in.
func unpack(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return copyFiles(root, tar.NewReader(io.LimitReader(zr, maxUnpacked)))
}

func copyFiles(root *os.Root, tr *tar.Reader) error {
	for {
		h, err := tr.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		_, name, ok := strings.Cut(filepath.ToSlash(h.Name), "/")
		if h.Typeflag != tar.TypeReg || !ok {
			continue
		}
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		body, err := io.ReadAll(tr)
		if err != nil {
			return err
		}
		if err := root.WriteFile(name, body, 0o644); err != nil {
			return err
		}
	}
}
