package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"trackscan/crawler/fakeweb"
)

// TestMain lets scripts run this test binary as the command.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"trackscan": main})
}

// TestScript runs the command lines of testdata/script: args, stdout, stderr and exit codes. Besides testscript's own
// commands there are
//
//	serve FILE [DELAY]   serves a fake web of the script; $RESOLVE0 and $RESOLVE1 hold the flags that lead to it,
//	                     $LEAD0 and $LEAD1 their values
//	mailbox              serves a mail server on $SMTP_PORT that fills the folder mail
//	scan CODE ARG...     runs trackscan with these arguments; it must end with that code
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "../../testdata/script",
		Setup: setUpScript,
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"serve": serveWeb, "scan": scanWeb, "mailbox": serveMail},
	})
}

func setUpScript(env *testscript.Env) error {
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache"))
	env.Setenv("TMPDIR", os.TempDir()) // short paths: a browser's sockets lie in it
	return nil
}

// serveWeb serves the web in a file of the script until the script ends.
func serveWeb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: serve FILE [DELAY]")
	}
	web, err := fakeweb.Parse([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	var o fakeweb.Options
	if len(args) > 1 {
		o.Delay, err = time.ParseDuration(args[1])
		ts.Check(err)
	}
	server, err := fakeweb.Serve(web, o)
	ts.Check(err)
	ts.Defer(func() { _ = server.Close() })
	for i, r := range server.Resolves() {
		ts.Setenv(fmt.Sprintf("RESOLVE%d", i), "--resolve="+r.String())
		ts.Setenv(fmt.Sprintf("LEAD%d", i), r.String()) // for a configuration
	}
}

// scanWeb runs trackscan and checks its exit code: scan CODE ARG...
func scanWeb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: scan CODE ARG...")
	}
	code := 0
	if err := ts.Exec("trackscan", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}
