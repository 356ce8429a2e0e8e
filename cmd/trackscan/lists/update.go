package lists

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"trackscan/classify/filterlist"
)

// sourceName is what a Source may be called: it becomes the name of a file.
var sourceName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// Update fetches the sources, checks that each is a filter list and puts it in the place of the one before, all or
// nothing. It writes a line about each to out. A list that cannot be had is left as it was, the others are still
// fetched, and the error names all that failed.
func Update(ctx context.Context, o Options, out io.Writer) error {
	if o.Dir == "" {
		return errors.New("update lists: no folder to keep them in")
	}
	var failed []error
	for _, s := range o.sources() {
		l, err := o.update(ctx, s)
		if err != nil {
			failed = append(failed, fmt.Errorf("update list %s: %w", s.Name, err))
			continue
		}
		name := cmp.Or(l.Name, s.Name)
		fmt.Fprintf(out, "%s: %d rules%s\n", name, l.Rules, licence(l.Licence))
	}
	return errors.Join(failed...)
}

// update fetches one source.
func (o *Options) update(ctx context.Context, s Source) (*filterlist.List, error) {
	if !sourceName.MatchString(s.Name) {
		return nil, errors.New("the name must be lower-case letters, digits and \"-\"")
	}
	text, err := o.fetcher().list(ctx, s.URL)
	if err != nil {
		return nil, err
	}
	l, err := check(text)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(o.Dir, s.Name+".txt")
	err = replace(path, true, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
	if err != nil {
		return nil, err
	}
	now := o.now()
	return l, os.Chtimes(path, now, now)
}

// check tells whether text is a filter list: it parses, holds rules that we can use, and no web page.
func check(text string) (*filterlist.List, error) {
	if start := strings.TrimSpace(text[:min(len(text), 512)]); strings.HasPrefix(start, "<") {
		return nil, errors.New("got a web page, not a filter list")
	}
	l, err := filterlist.Parse(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	if s := l.Skipped; l.Rules == 0 || s.Invalid+s.Unsupported+s.TooLong > l.Rules {
		return nil, fmt.Errorf("got no filter list: %d lines are rules and %d are not",
			l.Rules, s.Invalid+s.Unsupported+s.TooLong)
	}
	return l, nil
}

func licence(line string) string {
	if line == "" {
		return ""
	}
	return ", licence " + line
}

// Status writes what is known of each list that Load would load: its name, rules, date, age, place, what of it takes no
// part, and its licence.
func Status(o Options, out io.Writer) error {
	files, err := o.find()
	if err != nil {
		return err
	}
	for _, f := range files {
		l, _, err := f.parse()
		if err != nil {
			return err
		}
		o.describe(out, f, l)
	}
	databases, _, err := o.databases()
	if err != nil {
		return err
	}
	for _, d := range databases {
		fmt.Fprintf(out, "%s: %d entries of %s\n", d.Name, d.Rules, d.Date)
	}
	if len(files)+len(databases) == 0 {
		fmt.Fprintln(out, "no filter lists: trackscan works with its own catalogue alone")
	}
	return nil
}

func (o *Options) describe(out io.Writer, f file, l *filterlist.List) {
	fmt.Fprintf(out, "%s: %d rules of %s (%s)\n", l.Name, l.Rules, l.Date(), age(o.now(), l.Date()))
	fmt.Fprintf(out, "  %s, fetched or installed %s\n", f.path, f.changed.UTC().Format(time.DateOnly))
	s := l.Skipped
	fmt.Fprintf(out, "  no part take %d cosmetic rules, %d that change pages or open windows, %d with other options,\n"+
		"  %d regular expressions beyond RE2, %d broken or too long, %d for other blockers\n",
		s.Cosmetic, s.Modifiers, s.Unsupported, s.Regexps, s.Invalid+s.TooLong, s.Inactive)
	if l.Licence != "" {
		fmt.Fprintf(out, "  licence %s\n", l.Licence)
	}
}

// age says how old a date is.
func age(now time.Time, date string) string {
	then, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return "age unknown"
	}
	days := int(now.Sub(then).Hours() / 24)
	switch {
	case days <= 0:
		return "today"
	case days == 1:
		return "1 day old"
	}
	return fmt.Sprintf("%d days old", days)
}
