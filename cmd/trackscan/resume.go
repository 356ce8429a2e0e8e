package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"trackscan/crawler"
	"trackscan/report"
)

// resume goes on with the last scan of the site when that did not end. It is a mistake to ask for another scan than
// that one; where there is none to go on with, the scan starts at the beginning.
func (k *record) resume(ctx context.Context, quiet bool) error {
	list, err := k.store.List(ctx, k.header.Site)
	if err != nil {
		return err
	}
	if len(list) == 0 || !list[0].Ended.IsZero() {
		if !quiet {
			fmt.Fprintf(k.app.stderr, "no unfinished scan of %s to resume: scanning from the start\n", k.header.Site)
		}
		return nil
	}
	last := list[0]
	if change := difference(last.Options, k.header.Options); change != "" {
		return usageError{hinted{
			fmt.Errorf("resume scan %d of %s: it was started with %s", last.ID, k.header.Site, change),
			"resume it with the flags that it was started with, or leave out --resume to scan from the start",
		}}
	}
	earlier, err := k.store.Load(ctx, last.ID)
	if err != nil {
		return err
	}
	if k.writer, err = k.store.Resume(ctx, last.ID); err != nil {
		return err
	}
	k.header, k.earlier = last.Header, earlier
	if !quiet {
		fmt.Fprintf(k.app.stderr, "resuming scan %d of %s, which has %d pages\n", last.ID, k.header.Site, last.Pages)
	}
	return nil
}

// cutOff reports whether the last scan of the site was cut off, was asked for in the same way, and is not older than that.
func (k *record) cutOff(ctx context.Context, age time.Duration) bool {
	if age == 0 {
		return false
	}
	list, err := k.store.List(ctx, k.header.Site)
	if err != nil || len(list) == 0 {
		return false // the scan starts at the beginning
	}
	last := list[0]
	return last.Ended.IsZero() && difference(last.Options, k.header.Options) == "" && k.header.Started.Sub(last.Started) <= age
}

// resuming puts what the earlier part of the scan has seen before a renderer.
func (k *record) resuming(r crawler.Renderer) crawler.Renderer {
	if k.earlier == nil {
		return r
	}
	return crawler.Resume(r, k.earlier)
}

// fingerprint is what decides which pages are seen and how, one flag a line. Of lists and texts it has a digest, of the
// proxy's address no password, and of headers, cookies and logins the names: a digest of short secrets could be guessed.
func (j *job) fingerprint() string {
	f := j.flags
	var proxy string
	if j.proxy != nil {
		proxy = j.proxy.Scheme + "://" + j.proxy.Host
	}
	var files []string
	for _, d := range j.files {
		files = append(files, d.URL, string(d.Bytes))
	}
	return strings.Join([]string{
		fmt.Sprintf("--pages %d", f.pages),
		fmt.Sprintf("--depth %d", f.depth),
		fmt.Sprintf("--urls %s", digestOf(j.urls)),
		fmt.Sprintf("--scope %q", f.scopes),
		fmt.Sprintf("--scenario %q", j.scenario),
		fmt.Sprintf("--policy %s", digestOf(slices.Concat(j.policies, files))),
		fmt.Sprintf("--page-timeout %s", f.pageTimeout),
		fmt.Sprintf("--resolve %q", f.resolves),
		fmt.Sprintf("--insecure=%t", f.insecure),
		fmt.Sprintf("--forms=%t", f.forms),
		fmt.Sprintf("--no-robots=%t", f.noRobots),
		fmt.Sprintf("--proxy %q", proxy),
		fmt.Sprintf("--lang %q", f.lang),
		fmt.Sprintf("--timezone %q", f.timezone),
		fmt.Sprintf("--viewport %q", j.viewport),
		fmt.Sprintf("--user-agent %q", f.userAgent),
		fmt.Sprintf("--header-file, --cookie-file and --auth-file %s", digestOf(credentialNames(j.credentials))),
	}, "\n")
}

// digestOf is empty for an empty list.
func digestOf(list []string) string {
	if len(list) == 0 {
		return `""`
	}
	return fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%q", list)))[:12]
}

// difference tells where two fingerprints differ first, "--pages 50, not --pages 20"; empty when they are equal.
func difference(was, is string) string {
	if was == is {
		return ""
	}
	before, now := strings.Split(was, "\n"), strings.Split(is, "\n")
	for i := range min(len(before), len(now)) {
		if before[i] != now[i] {
			return fmt.Sprintf("%s, not %s", before[i], now[i])
		}
	}
	return "the flags of another version"
}

// checkStore checks what needs a store to be named.
func (j *job) checkStore() error {
	scheme, _, isURL := strings.Cut(j.flags.store, "://")
	switch {
	case isURL && scheme != "postgres" && scheme != "postgresql":
		return fmt.Errorf("--store %s://: a path or a postgres:// address", report.Visible(scheme))
	case j.flags.resume && j.flags.store == "":
		return errors.New("--resume needs the --store that the scan was recorded in")
	}
	return nil
}
