package config

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// exampleFlags stand for the flags of run that the example has.
func exampleFlags(name string) (func(string) error, bool) {
	switch name {
	case "store", "pages", "scenario", "fail-on", "page-timeout", "lang", "depth", "scope", "policy", "out":
		return func(string) error { return nil }, true
	}
	return nil, false
}

// The example loads, and so it does with every key switched on.
func TestExample(t *testing.T) {
	c, err := Parse(DefaultPath, Example, exampleFlags)
	require.NoError(t, err)
	require.Len(t, c.Sites, 1)
	require.Nil(t, c.SMTP)

	on := regexp.MustCompile(`(?m)^( *)#( *(?:- )?[a-z-]+:)`).ReplaceAll(Example, []byte("$1$2"))
	on = regexp.MustCompile(`(?m)^# .*\n`).ReplaceAll(on, nil)
	c, err = Parse(DefaultPath, on, exampleFlags)
	require.NoError(t, err)
	require.NotNil(t, c.SMTP)
	require.Len(t, c.Exempt, 2)
	shop := c.Site("shop")
	require.Len(t, shop.Login.Steps, 3)
	require.Len(t, shop.Banner, 2)
	require.Len(t, shop.Headers, 1)
	require.Len(t, shop.Cookies, 1)
	require.NotNil(t, shop.Auth)
	require.NotNil(t, shop.Mail)
	require.NotNil(t, shop.Schedule)
}
