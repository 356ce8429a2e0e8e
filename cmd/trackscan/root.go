package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"trackscan/cmd/trackscan/lists"
)

// app is what every command works with. There are no globals: tests call run.
type app struct {
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	lists  lists.Options // where filter lists lie
}

// run carries out one command line and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	if dir, err := lists.DefaultDir(os.Getenv); err == nil { // without a folder there are the lists of the system
		a.lists = lists.In(dir)
	}
	return a.run(ctx, args)
}

func (a *app) run(ctx context.Context, args []string) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	return a.exit(root.ExecuteContext(ctx))
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "trackscan",
		Short:         "find the trackers of a website and hold them against its own policy",
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(a.runCommand(), a.demoCommand(), a.policyCommand(), a.explainCommand(), a.listsCommand(),
		a.browserCommand(), a.reportCommand(), a.initCommand(),
		a.nightlyCommand(), a.mailCommand(), a.diffCommand(), a.declareCommand(), a.emailCommand())
	for _, c := range root.Commands() {
		a.complete(c)
	}
	return root
}

// version is that of the module when it was built with one, else the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// onlySite is the argument check of commands that take one SITE.
func onlySite(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("one SITE is needed, such as https://www.example.org, got %d arguments", len(args))
	}
	return nil
}
