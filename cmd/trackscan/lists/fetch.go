package lists

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"trackscan/classify/filterlist"
)

// maxList bounds what is read of one answer, in bytes; the largest list in use has 6 MB.
const maxList = 64 << 20

// fetcher fetches lists over https.
type fetcher struct{ client *http.Client }

var errInsecure = errors.New("lists are fetched over https only")

func (o *Options) fetcher() *fetcher {
	client := http.Client{Timeout: time.Minute}
	if o.Client != nil {
		client = *o.Client
	}
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if r.URL.Scheme != "https" {
			return errInsecure
		}
		if len(via) >= 5 {
			return errors.New("redirected more than 5 times")
		}
		return nil
	}
	return &fetcher{client: &client}
}

// list fetches the list at address with all that it includes.
func (f *fetcher) list(ctx context.Context, address string) (string, error) {
	base, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	body, err := f.get(ctx, base)
	if err != nil {
		return "", err
	}
	defer body.Close()
	return filterlist.Expand(body, func(name string) (io.ReadCloser, error) {
		part, err := base.Parse(name)
		if err != nil {
			return nil, err
		}
		return f.get(ctx, part)
	})
}

// get returns the body of the answer at u.
func (f *fetcher) get(ctx context.Context, u *url.URL) (io.ReadCloser, error) {
	if u.Scheme != "https" {
		return nil, errInsecure
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "trackscan")
	r.Header.Set("Accept", "text/plain")
	resp, err := f.client.Do(r)
	if err != nil {
		return nil, err
	}
	if why := unfit(resp); why != "" {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("%s: %s", u, why)
	}
	return resp.Body, nil
}

// unfit says why an answer cannot be a list; empty when it may be one.
func unfit(resp *http.Response) string {
	switch {
	case resp.StatusCode != http.StatusOK:
		return "answered " + resp.Status
	case strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html"):
		return "got a web page, not a filter list"
	case resp.ContentLength > maxList:
		return fmt.Sprintf("more than %d MiB", maxList>>20)
	}
	return ""
}
