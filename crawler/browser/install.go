package browser

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// DefaultSource lists the builds of Chrome for Testing.
const DefaultSource = "https://googlechromelabs.github.io/chrome-for-testing/last-known-good-versions-with-downloads.json"

// Bounds of a download: the list has some 50 KB, a build about 170 MB packed and 400 MB unpacked.
const (
	maxList     = 8 << 20
	maxPacked   = 1 << 30
	maxUnpacked = 4 << 30
	maxFiles    = 50_000
)

// CanInstallPackage reports whether InstallPackage can work here: root on a Linux with apt-get.
func CanInstallPackage() bool {
	_, err := exec.LookPath("apt-get")
	return runtime.GOOS == "linux" && os.Getuid() == 0 && err == nil
}

// InstallPackage installs the distribution's package of Chromium. What apt-get says goes to out when it fails. Two at
// once wait for one another.
func InstallPackage(ctx context.Context, out io.Writer) error {
	updated := aptGet(ctx, out, "update") // an old list of packages may do
	if err := aptGet(ctx, out, "install", "-y", "--no-install-recommends", "chromium"); err != nil {
		return errors.Join(updated, err)
	}
	return nil
}

func aptGet(ctx context.Context, out io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"-o", "DPkg::Lock::Timeout=300"}, args...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		_, _ = out.Write(said.Bytes())
		return fmt.Errorf("apt-get %s: %w", args[0], err)
	}
	return nil
}

// build is one download of the list.
type build struct {
	Platform string `json:"platform"`
	URL      string `json:"url"`
}

// versions is the list of Chrome for Testing.
type versions struct {
	Channels map[string]struct {
		Version   string             `json:"version"`
		Downloads map[string][]build `json:"downloads"`
	} `json:"channels"`
}

// Install downloads the stable Chrome for Testing that source lists for this system into the cache folder, and returns
// the path of its binary. It tells on out what it does. An interrupted or broken download leaves nothing behind.
func Install(ctx context.Context, source, cache string, out io.Writer) (string, error) {
	platform, err := platformName(runtime.GOOS, runtime.GOARCH)
	if err != nil {
		return "", err
	}
	var list versions
	body, err := get(ctx, source)
	if err != nil {
		return "", err
	}
	defer body.Close()
	if err := json.NewDecoder(io.LimitReader(body, maxList)).Decode(&list); err != nil {
		return "", fmt.Errorf("read the list of browsers at %s: %w", source, err)
	}
	stable := list.Channels["Stable"]
	i := slices.IndexFunc(stable.Downloads["chrome"], func(b build) bool { return b.Platform == platform })
	if i < 0 || !filepath.IsLocal(stable.Version) {
		return "", fmt.Errorf("%s lists no chrome for %s", source, platform)
	}
	fmt.Fprintf(out, "downloading chrome %s for %s\n", stable.Version, platform)
	return download(ctx, stable.Downloads["chrome"][i].URL, filepath.Join(cache, "browser"), stable.Version)
}

// platformName is the name of a system in the list.
func platformName(system, arch string) (string, error) {
	names := map[string]string{
		"linux/amd64": "linux64", "darwin/amd64": "mac-x64", "darwin/arm64": "mac-arm64",
		"windows/amd64": "win64", "windows/386": "win32",
	}
	if name := names[system+"/"+arch]; name != "" {
		return name, nil
	}
	return "", fmt.Errorf("there is no chrome for testing for %s/%s; install the system's own chromium", system, arch)
}

func get(ctx context.Context, url string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Timeout: 30 * time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", url, err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("get %s: %s", url, resp.Status)
	}
	return resp.Body, nil
}

// download unpacks the archive at url into folder/version. It works in a temporary folder beside, which takes the
// final name only when all is there.
func download(ctx context.Context, url, folder, version string) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(folder, "incoming-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	packed := filepath.Join(work, "chrome.zip")
	if err := save(ctx, url, packed); err != nil {
		return "", err
	}
	if err := unpack(packed, filepath.Join(work, version)); err != nil {
		return "", fmt.Errorf("unpack %s: %w", url, err)
	}
	final := filepath.Join(folder, version)
	if err := errors.Join(os.RemoveAll(final), os.Rename(filepath.Join(work, version), final)); err != nil {
		return "", err
	}
	if paths := binaries(final); len(paths) > 0 {
		return paths[0], nil
	}
	return "", errors.Join(fmt.Errorf("%s holds no chrome", url), os.RemoveAll(final))
}

func save(ctx context.Context, url, path string) error {
	body, err := get(ctx, url)
	if err != nil {
		return err
	}
	defer body.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(body, maxPacked+1))
	if n > maxPacked {
		err = fmt.Errorf("%s is larger than %d MB", url, maxPacked>>20)
	}
	return errors.Join(err, f.Close())
}

// unpack writes the files of a zip archive below folder; names that lead out of it are refused, links left out.
func unpack(path, folder string) error {
	z, err := zip.OpenReader(path)
	if err != nil {
		return err
	}
	defer z.Close()
	if len(z.File) > maxFiles {
		return fmt.Errorf("%d files", len(z.File))
	}
	left := int64(maxUnpacked)
	for _, f := range z.File {
		if !filepath.IsLocal(f.Name) {
			return fmt.Errorf("file %q lies outside", f.Name)
		}
		if !f.Mode().IsRegular() {
			continue
		}
		n, err := unpackFile(f, filepath.Join(folder, f.Name), left)
		if err != nil {
			return err
		}
		left -= n
	}
	return nil
}

func unpackFile(f *zip.File, path string, limit int64) (int64, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, err
	}
	in, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, f.Mode().Perm()&0o755|0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(out, io.LimitReader(in, limit+1))
	if n > limit {
		err = errors.New("the archive unpacks to more than is plausible")
	}
	return n, errors.Join(err, out.Close())
}

// installed are the binaries that Install has put into the cache folder, newest version first.
func installed(cache string) []string {
	versions, err := os.ReadDir(filepath.Join(cache, "browser"))
	if err != nil {
		return nil
	}
	var paths []string
	for _, v := range slices.Backward(versions) {
		if !strings.HasPrefix(v.Name(), "incoming-") {
			paths = append(paths, binaries(filepath.Join(cache, "browser", v.Name()))...)
		}
	}
	return paths
}

// binaries are the browsers in the unpacked archive in folder.
func binaries(folder string) []string {
	var found []string
	for _, name := range []string{"chrome", "chrome.exe", "Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing"} {
		paths, err := filepath.Glob(filepath.Join(folder, "*", filepath.FromSlash(name)))
		if err != nil {
			continue // the pattern is ours and the folder holds no meta characters
		}
		found = append(found, paths...)
	}
	return found
}
