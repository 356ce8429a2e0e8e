//go:build !unix

package historytest

// startServer knows only the packages of Unix distributions.
func startServer() (*server, error) { return nil, errNoServer }
