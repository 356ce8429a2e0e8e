package config

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// testFlags knows three flags: a number, a text and a path.
func testFlags(name string) (func(string) error, bool) {
	switch name {
	case "pages":
		return func(v string) error { _, err := strconv.Atoi(v); return err }, true
	case "scenario", "store", "proxy":
		return func(string) error { return nil }, true
	}
	return nil, false
}

func parse(text string) (*Config, error) { return Parse("trackscan.yaml", []byte(text), testFlags) }

func TestParse(t *testing.T) {
	t.Setenv("PGPASS", "canary")
	c, err := parse(`
pages: 20
store: kept/scans.db
lists: lists
schedule: {cron: "15 3 * * 1-5", timezone: Europe/Berlin, jitter: 10m, abreast: 3, retries: 0, backoff: 1m, health: h}
keep: {age: 400d, scans: 10, nightly: 90d, pictures: 30}
smtp: {host: mail.example.org, user: "${U}", password: "file:pw", from: "trackscan <t@example.org>"}
mail: {to: [a@example.org], when: always}
exempt:
  - {pattern: "*_fbp*", reason: known, owner: Ada, until: 2027-01-31}
sites:
  - name: shop
    url: www.shop.test
    pages: 80
    scenario: [no-choice, accept]
    schedule: {cron: "@daily"}
    mail: {to: ["Ada <ada@example.org>"], when: weekly, weekday: Friday, digest: true}
    headers: [{name: X-Staging, value: "key ${KEY}"}]
    cookies: [{name: gate, value: "${KEY}"}]
    auth: {user: "${U}", password: "${P}"}
    login:
      url: https://www.shop.test/login
      steps: [{fill: "#user", with: "${U}"}, {click: button}, {wait: .menu}]
      expect: .menu
    banner: [{scenario: reject, click: ["#more", "#no"]}]
    exempt: [{id: no-policy, reason: soon, owner: Ada, until: 2027-01-31}]
  - {name: blog, url: "https://blog.test"}
`)
	require.NoError(t, err)
	shop, blog := c.Site("shop"), c.Site("blog")
	require.Nil(t, c.Site("other"))
	require.Equal(t, map[string][]string{"pages": {"80"}, "scenario": {"no-choice", "accept"}, "store": {"kept/scans.db"}}, settings(shop))
	require.Equal(t, map[string][]string{"pages": {"20"}, "store": {"kept/scans.db"}}, settings(blog))
	require.Equal(t, Keep{Age: Span(400 * 24 * time.Hour), Scans: 10, Nightly: Span(90 * 24 * time.Hour), Pictures: 30}, c.Keep)
	require.Zero(t, *c.Schedule.Retries)
	require.Equal(t, Mail{To: []Mailbox{"Ada <ada@example.org>"}, When: Weekly, Weekly: 6, Digest: true}, c.MailOf(shop))
	require.Equal(t, time.Friday, c.MailOf(shop).Weekly.Day())
	require.Equal(t, Mail{To: []Mailbox{"a@example.org"}, When: Always}, c.MailOf(blog))
	require.Equal(t, "starttls", c.SMTP.Security)
	require.Equal(t, "#no", shop.Banner[0].Click[1])
	require.Len(t, shop.Login.Steps, 3)

	night := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	every, err := c.Schedule.Of(blog)
	require.NoError(t, err)
	require.Equal(t, "2026-11-30T02:15:00Z", every.Next(night).UTC().Format(time.RFC3339), "3:15 in Berlin, on Monday")
	daily, err := c.Schedule.Of(shop)
	require.NoError(t, err)
	require.Equal(t, "2026-11-28T23:00:00Z", daily.Next(night).UTC().Format(time.RFC3339))
}

func settings(s *Site) map[string][]string {
	out := map[string][]string{}
	for _, one := range s.Settings {
		out[one.Name] = one.Values
	}
	return out
}

// Every mistake is told with its line, column and a caret.
func TestMistakes(t *testing.T) {
	site := "sites:\n  - name: a\n    url: a.test\n"
	for _, c := range []struct{ name, text, want string }{
		{"an unknown key", "page: 3\n", `:1:1: unknown field "page"`},
		{"an unknown key of a site", site + "    shedule: x\n", `:4:5: unknown field "shedule"`},
		{"an unknown key of a schedule", "schedule:\n  corn: x\n", `:2:3: unknown field "corn"`},
		{"an unknown key of a step", site + "    login:\n      url: a.test\n      steps:\n        - press: x\n", `:7:11: unknown field "press"`},
		{"a number that is none", "pages: many\n", `:1:8: pages: strconv.Atoi`},
		{"a number of a site that is none", site + "    pages: many\n", `:4:12: pages: `},
		{"a list in place of a value", site + "    pages: {a: 1}\n", `:4:12: a single value`},
		{"a cron line", "schedule:\n  cron: 61 * * * *\n", `:2:9: "61 * * * *" is no cron line`},
		{"a cron line that never comes", "schedule:\n  cron: 0 0 31 2 *\n", `:2:9: "0 0 31 2 *" never comes`},
		{"a cron line of a site", site + "    schedule: {cron: often}\n", `:4:22: "often" is no cron line`},
		{"a time zone", "schedule:\n  timezone: Mars/Base\n", `:2:13: "Mars/Base" is no time zone`},
		{"a duration", "schedule:\n  jitter: soon\n", `:2:11: "soon" is no length of time`},
		{"a negative duration", "keep:\n  age: -3d\n", `:2:8: "-3d" is no length of time`},
		{"a mail address", "mail:\n  to:\n    - a@example.org\n    - nobody\n", `:4:7: "nobody" is no mail address`},
		{"a line break in a mail address", "mail:\n  to: [\"a@b.test\\nBcc: c@d.test\"]\n", `is no mail address`},
		{"an occasion", "mail:\n  when: often\n", `:2:9: "often": new, always or weekly`},
		{"a weekday", "mail:\n  weekday: someday\n", `:2:12: "someday" is no day of the week`},
		{"an address", "sites:\n  - name: a\n    url: ftp://a.test\n", `:3:10: only http and https`},
		{"a site without a name", "sites:\n  - url: a.test\n", `a site needs a name`},
		{"a site without an address", "sites:\n  - name: a\n", `a site needs a url`},
		{"two sites of one name", site + "  - name: a\n    url: b.test\n", `:4:11: two sites are named "a"`},
		{"a name like an address", "sites:\n  - name: a.test\n    url: a.test\n", `:2:11: a name is one word`},
		{"a site that is a word", "sites:\n  - a.test\n", `:2:5: a site has keys`},
		{"an SMTP server without sender", "smtp:\n  host: a.test\n", `smtp needs a from address`},
		{"security", "smtp: {host: a.test, from: a@a.test, security: some}\n", `security "some": one of starttls, tls, none`},
		{"a port", "smtp: {host: a.test, from: a@a.test, port: 70000}\n", `:1:44: "70000" is no port`},
		{"two in one step", site + "    login: {url: a.test, steps: [{click: a, wait: b}]}\n", `one of fill, click and wait`},
		{"fill without with", site + "    login: {url: a.test, steps: [{fill: a}]}\n", `fill and with go together`},
		{"a login without steps", site + "    login: {url: a.test}\n", `a login needs a url and steps`},
		{"an exemption of nothing", "exempt:\n  - reason: x\n    owner: y\n", `:2:5: an exemption is by one of id, pattern and name`},
		{"an exemption without reason", "exempt:\n  - {id: no-policy, owner: y}\n", `needs a reason and an owner`},
		{"an exemption without end", "exempt:\n  - {id: no-policy, reason: x, owner: y}\n", `needs a day on which it ends`},
		{"a date", "exempt:\n  - {id: no-policy, reason: x, owner: y, until: soon}\n", `no date, such as 2027-06-30`},
		{"syntax", "sites: [\n", `:1:8: `},
		{"one key twice", "pages: 1\npages: 2\n", `:2:1: mapping key "pages" already defined`},
		{"a list", "- a\n", `:1:1: keys and values are expected`},
		{"two documents", "pages: 1\n---\npages: 2\n", `a second document`},
		{"nothing", "# nothing\n", `trackscan.yaml is empty`},
		{"an alias", "lists: *x\n", `:1:8: tags, anchors, aliases`},
		{"a tag", "sites: !a x\n", `:1:8: tags, anchors, aliases`},
		{"an anchor", "lists: &a x\n", `:1:8: tags, anchors, aliases`},
		{"a merge key", "<<: {pages: 1}\n", `:1:1: tags, anchors, aliases`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := parse(c.text)
			require.ErrorContains(t, err, c.want)
			if strings.HasPrefix(c.want, ":") {
				require.ErrorContains(t, err, "trackscan.yaml:")
				at := &Error{}
				require.True(t, errors.As(err, &at))
				require.Regexp(t, `\n  .*\n  `+strings.Repeat(" ", at.Column-1)+`\^$`, err.Error(), "a caret under the place")
			}
		})
	}
}

// No error prints what may be a secret, wherever somebody wrote it.
func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Setenv("SET", "canary")
	site := "sites:\n  - name: a\n    url: a.test\n"
	for _, text := range []string{
		"smtp: {host: a.test, from: a@b.test, user: canary, password: canary}\n",
		"smtp:\n  host: a.test\n  password: canary\n",
		"smtp:\n  host: a.test\n  \"password\": canary\n  x\n",
		site + "    headers: [{name: X, value: canary}]\n",
		site + "    cookies:\n      - name: X\n        value: canary\n",
		site + "    auth: {user: canary, password: canary}\n",
		site + "    auth:\n      user: canary\n      password: canary\n      x: 1\n",
		site + "    login: {url: a.test, steps: [{fill: a, with: canary}]}\n",
		"sites:\n  - name: a\n    url: https://u:canary@a.test\n",
		"store: [postgres://u:canary@h/db, {}]\n",
		"pages: ${SET}\n",
		"proxy: http://${UNSET}:canary@h\n",
	} {
		_, err := parse(text)
		require.Error(t, err, text)
		if !strings.HasPrefix(text, "pages") {
			require.NotContains(t, err.Error(), "canary", text)
		}
	}
}

func TestSecret(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pw"), []byte("from a file\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "big"), make([]byte, maxSecret+1), 0o600))
	lookup := func(name string) (string, bool) {
		v, ok := map[string]string{"A": "1", "EMPTY": ""}[name]
		return v, ok
	}
	for _, c := range []struct{ text, want, fails string }{
		{"${A}", "1", ""},
		{"Bearer ${A}/${EMPTY}.", "Bearer 1/.", ""},
		{"file:pw", "from a file", ""},
		{"file:" + filepath.Join(dir, "pw"), "from a file", ""},
		{"${B}", "", "the environment has no B"},
		{"file:none", "", "read a secret: "},
		{"file:big", "", "larger than 64 kB"},
	} {
		got, err := Secret{text: c.text, set: true}.Read(dir, lookup)
		require.Equal(t, c.want, got, c.text)
		if c.fails == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, c.fails)
		}
	}
}

func TestLocate(t *testing.T) {
	c, err := parse("pages: 0\nsites:\n  - name: a\n    url: a.test\n    scenario: maybe\n")
	require.NoError(t, err)
	s := c.Site("a").Settings
	located := c.Locate(s, errors.Join(errors.New(`--scenario "maybe": no-choice or accept`), errors.New("--pages 0: at least one")))
	require.ErrorContains(t, located, "trackscan.yaml:5:15: scenario \"maybe\": no-choice or accept\n      scenario: maybe\n                ^")
	other := errors.New("--depth -1: cannot be negative")
	require.Equal(t, other, c.Locate(s, other))
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "t.yaml")
	_, err := Load(path, testFlags)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("store: x.db\nsites: [{name: a, url: a.test}]\n"), 0o600))
	c, err := Load(path, testFlags)
	require.NoError(t, err)
	require.Equal(t, []string{filepath.Join(dir, "x.db")}, settings(c.Site("a"))["store"], "paths lead from the file's folder")
	require.NoError(t, os.WriteFile(path, make([]byte, maxFile+1), 0o600))
	_, err = Load(path, testFlags)
	require.ErrorContains(t, err, "larger than 4 MB")
}

// Whatever a file holds, reading it ends in a configuration or in an error.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"", "sites: []", "sites:\n  - name: a\n    url: a.test\n", "a: &x [*x]\n", "schedule: {cron: '@every 1h'}", "\x00", "? a\n: b\n",
		"sites: &s [{name: a, url: b.test}]\nexempt: *s\n", "mail: {to: a@b.test}", "<<: {pages: 1}\n", "smtp:\n", "sites:\n  -\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parse(text)
		require.True(t, (c == nil) != (err == nil))
	})
}
