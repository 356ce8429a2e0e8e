package filterlist

import (
	"fmt"
	"io"
	"strings"
)

// Bounds on "!#include": lists nest two deep at most, and the largest has some ten parts.
const (
	maxIncludes     = 100
	maxIncludeDepth = 5
)

// Expand returns the text of a list with each "!#include" replaced by what open returns for its name, so that the text
// can be kept and parsed on its own. Includes that an "!#if" excludes are not opened.
//
// Names are relative and never lead out of the list's folder; another name, a part that cannot be opened, more than
// 100 parts, five levels or 64 MiB are errors.
func Expand(r io.Reader, open func(name string) (io.ReadCloser, error)) (string, error) {
	e := expander{open: open}
	if err := e.expand(r, "", 0); err != nil {
		return "", err
	}
	return e.out.String(), nil
}

type expander struct {
	open  func(name string) (io.ReadCloser, error)
	out   strings.Builder
	parts int
}

// expand appends what r holds; folder is that of the part being read, relative to the list's.
func (e *expander) expand(r io.Reader, folder string, depth int) error {
	text, err := readAll(r)
	if err != nil {
		return err
	}
	var cond conditions
	for line := range strings.Lines(text) {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "!#") && cond.directive(trimmed) == directiveInclude && cond.active() {
			name := strings.TrimSpace(strings.TrimPrefix(trimmed, "!#include"))
			if err := e.include(name, folder, depth); err != nil {
				return err
			}
			continue
		}
		e.out.WriteString(line)
	}
	if !strings.HasSuffix(text, "\n") {
		e.out.WriteByte('\n')
	}
	for range cond.open {
		e.out.WriteString("!#endif\n") // what a part leaves open must not reach into what follows it
	}
	return e.bounded()
}

func (e *expander) bounded() error {
	if e.out.Len() > maxListSize {
		return fmt.Errorf("expand filter list: more than %d MiB", maxListSize>>20)
	}
	return nil
}

func (e *expander) include(name, folder string, depth int) error {
	path, err := includePath(name, folder)
	if err != nil {
		return err
	}
	if e.parts++; e.parts > maxIncludes || depth >= maxIncludeDepth {
		return fmt.Errorf("expand filter list: include %q: too many parts", name)
	}
	part, err := e.open(path)
	if err != nil {
		return fmt.Errorf("expand filter list: include %q: %w", name, err)
	}
	defer part.Close()
	return e.expand(part, path[:strings.LastIndexByte(path, '/')+1], depth+1)
}

// includePath joins name to folder, which ends in "/" or is empty.
func includePath(name, folder string) (string, error) {
	if name == "" || strings.HasPrefix(name, "/") || strings.ContainsAny(name, `\:?#%`) {
		return "", fmt.Errorf("expand filter list: include %q: not a name below the list's folder", name)
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return "", fmt.Errorf("expand filter list: include %q: not a name below the list's folder", name)
		}
	}
	return folder + name, nil
}
