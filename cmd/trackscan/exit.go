package main

import (
	"errors"
	"fmt"
	"strings"

	"trackscan/cmd/trackscan/config"
	"trackscan/crawler"
	"trackscan/crawler/browser"
	"trackscan/report"
)

// The exit codes of all commands.
const (
	exitOK       = 0 // whole scan, nothing at or above --fail-on
	exitFindings = 1 // findings at or above --fail-on
	exitUsage    = 2 // usage or configuration error; nothing was scanned
	exitNotWhole = 3 // not everything could be seen, and no findings
	exitNothing  = 4 // nothing could be scanned or read
)

// usageError is a mistake in the command line or the configuration.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// verdict is the outcome of a scan whose result was printed: it has an exit code and nothing more to say.
type verdict int

func (v verdict) Error() string { return fmt.Sprintf("exit code %d", int(v)) }

// hinted is an error together with what helps.
type hinted struct {
	error
	hint string
}

func (e hinted) Unwrap() error { return e.error }

// Hint tells what helps.
func (e hinted) Hint() string { return e.hint }

// exit prints err, if there is something to say, and returns the exit code it stands for.
func (a *app) exit(err error) int {
	var (
		done  verdict
		usage usageError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &done) && !errors.Is(err, crawler.ErrNothingScanned):
		return int(done)
	case errors.As(err, new(*config.Error)):
		a.complain(err, "trackscan init writes an example of every key")
		return exitUsage
	case errors.As(err, &usage):
		a.complain(err, "trackscan COMMAND --help tells the flags")
		return exitUsage
	case errors.Is(err, browser.ErrNoBrowser):
		a.complain(err, "trackscan browser install")
		return exitNothing
	}
	if isUnknownCommand(err) {
		a.complain(err, "trackscan --help lists the commands")
		return exitUsage
	}
	a.complain(err, "")
	return exitNothing
}

// complain writes an error to stderr, and what helps: the error's own hint before the one of its kind.
func (a *app) complain(err error, hint string) {
	fmt.Fprintf(a.stderr, "trackscan: %s\n", a.words(err))
	var own interface{ Hint() string }
	if errors.As(err, &own) && own.Hint() != "" {
		hint = own.Hint()
	}
	if hint != "" {
		fmt.Fprintf(a.stderr, "hint: %s\n", report.Visible(hint))
	}
}

// words are those of an error on one line; a mistake in a configuration shows the line below.
func (a *app) words(err error) string {
	if at := new(config.Error); errors.As(err, &at) {
		lines := strings.Split(err.Error(), "\n")
		for i, line := range lines {
			lines[i] = report.Visible(line)
		}
		return strings.Join(lines, "\n")
	}
	return report.Visible(strings.ReplaceAll(err.Error(), "\n", "; "))
}

// isUnknownCommand recognises cobra's complaint about a command that does not exist, which has no type of its own.
func isUnknownCommand(err error) bool {
	return len(err.Error()) > 15 && err.Error()[:15] == "unknown command"
}
