// Command trackscan finds every tracker on a website and holds it against what the site's own policy declares.
//
// Each command has a file of its own. scan.go is the only place where the stages meet: crawler, classify, report.
// Results go to stdout, everything else to stderr; exit codes are an API (exit.go).
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
