package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// Secret is where a secret is to be had: "${NAME}", also as a part of a text, from the environment, or "file:PATH",
// without the line break at its end. A Secret is read when it is needed, never printed, and never stands in the file.
type Secret struct {
	text string
	set  bool
}

// maxSecret bounds a secret that lies in a file, in bytes.
const maxSecret = 64 << 10

var variable = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (s *Secret) UnmarshalYAML(n ast.Node) error {
	text, err := textOf(n)
	switch {
	case err != nil:
		return err
	case !strings.HasPrefix(text, "file:") && !variable.MatchString(text):
		return wrong(n, "a secret does not belong into this file: name a variable, \"${NAME}\", or a file, \"file:PATH\"")
	}
	*s = Secret{text, true}
	return nil
}

// Set reports whether the file has one.
func (s Secret) Set() bool { return s.set }

// String never tells the secret.
func (s Secret) String() string { return "(secret)" }

// GoString never tells the secret.
func (s Secret) GoString() string { return s.String() }

// Read returns the secret. Files are looked for from dir, variables asked of lookup, such as os.LookupEnv.
func (s Secret) Read(dir string, lookup func(string) (string, bool)) (string, error) {
	if path, ok := strings.CutPrefix(s.text, "file:"); ok {
		return readSecret(resolve(dir, path))
	}
	return Expand(s.text, lookup)
}

// Expand puts the values of variables in the place of each "${NAME}".
func Expand(text string, lookup func(string) (string, bool)) (string, error) {
	var missing error
	full := variable.ReplaceAllStringFunc(text, func(name string) string {
		name = strings.Trim(name, "${}")
		value, ok := lookup(name)
		if !ok && missing == nil {
			missing = fmt.Errorf("the environment has no %s, which the configuration asks for", name)
		}
		return value
	})
	if missing != nil {
		return "", missing
	}
	return full, nil
}

func readSecret(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read a secret: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read a secret: %w", err)
	case len(b) > maxSecret:
		return "", fmt.Errorf("read a secret: %s is larger than %d kB", path, maxSecret>>10)
	}
	return strings.TrimRight(string(b), "\r\n"), nil
}

// resolve is the path that a file in dir means by path.
func resolve(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}
