package lists

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"trackscan/classify/filterlist"
)

// cachePath names the cache of files in dir. The name depends on where they lie, on their sizes and on when they were
// changed, so that a cache of other files is never taken for this one.
func cachePath(dir string, files []file) string {
	h := sha256.New()
	for _, f := range files {
		fmt.Fprintf(h, "%q %q %d %d\n", f.path, f.stem, f.size, f.changed.UnixNano())
	}
	return filepath.Join(dir, "engine-"+hex.EncodeToString(h.Sum(nil)[:16])+".cache")
}

// readCache returns the engine that is cached at path; false when there is none, or none that can be read.
func readCache(path string) (*filterlist.Engine, bool) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	e, err := filterlist.Decode(f)
	return e, err == nil
}

// keepCache writes the engine to path and removes the caches of other files. It only saves time: its errors count for
// nothing.
func keepCache(path string, e *filterlist.Engine) {
	if err := replace(path, false, e.Encode); err != nil {
		return
	}
	old, _ := filepath.Glob(filepath.Join(escape(filepath.Dir(path)), "engine-*.cache"))
	for _, other := range old {
		if other != path {
			_ = os.Remove(other)
		}
	}
}

// replace puts what write writes in the place of the file at path, all or nothing, and makes the folder. With durable
// it waits until the disk has the text, so that all or nothing holds even when the power fails.
func replace(path string, durable bool, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	buffered := bufio.NewWriter(f)
	if err := write(buffered); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if durable {
		if err := f.Sync(); err != nil {
			return err
		}
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
