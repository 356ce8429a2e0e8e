package crawler

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNearnessOf(t *testing.T) {
	for near, addrs := range map[Nearness][]string{
		OnTheWeb: {"192.0.2.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "169.253.0.1", "2001:db8::1", "::ffff:8.8.8.8", "64:ff9b::808:808"},
		InOurNet: {"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"},
		OnOurDevice: {
			"127.0.0.1", "127.255.255.254", "::1", "0.0.0.0", "0.1.2.3", "::", "169.254.169.254", "fe80::1%eth0", "224.0.0.1", "ff02::1",
			"255.255.255.255", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
		},
	} {
		for _, a := range addrs {
			require.Equal(t, near, NearnessOf(netip.MustParseAddr(a)), a)
		}
	}
}

// TestGuard holds addresses and what names turn out to be against how near the site is.
func TestGuard(t *testing.T) {
	resolve, err := ParseResolve("sent.test:80:127.0.0.1")
	require.NoError(t, err)
	for _, c := range []struct {
		name, site, host, siteAt string
		private, device          bool // what is admitted
	}{
		{"of the web", "https://www.shop.test/", "www.shop.test", "192.0.2.1", false, false},
		{"without a scheme", "www.shop.test", "www.shop.test", "192.0.2.1", false, false},
		{"in the network, by its name", "https://intranet.test/", "intranet.test", "10.0.0.7", true, false},
		{"in the network, by its number", "10.0.0.7:8080", "", "", true, false},
		{"on this machine, by its name", "http://dev.test/", "dev.test", "127.0.0.1", true, true},
		{"on this machine, by its number", "http://[::1]:8080/", "", "", true, true},
		{"localhost", "localhost:8080", "", "", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewGuard(Resolves{resolve})
			g.Trust(c.site)
			if c.siteAt != "" {
				require.NoError(t, g.Check(c.host, netip.MustParseAddr(c.siteAt)))
			}
			for address, admitted := range map[string]bool{
				"http://www.other.test/": true, "http://192.0.2.9/": true, "http://sent.test/": true,
				"http://192.168.0.1/": c.private, "http://[fd00::1]:81/": c.private,
				"http://127.0.0.1:9222/": c.device, "http://localhost./": c.device, "http://a.localhost/": c.device,
				"http://169.254.169.254/latest": c.device, "http://0.0.0.0/": c.device,
				"file:///etc/passwd": false, "chrome://version": false, "rubbish": false,
			} {
				require.Equal(t, admitted, g.Admit(address) == nil, address)
			}
			require.Equal(t, c.private, g.Check("other.test", netip.MustParseAddr("10.1.1.1")) == nil)
			require.Equal(t, c.device, g.Check("other.test", netip.MustParseAddr("::1")) == nil)
			to, check, err := g.Dial("sent.test:80")
			require.Equal(t, "127.0.0.1:80", to)
			require.False(t, check)
			require.NoError(t, err)
			_, check, err = g.Dial("localhost:80")
			require.True(t, check)
			require.Equal(t, c.device, err == nil)
		})
	}
}
