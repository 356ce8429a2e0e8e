package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"trackscan/classify"
)

func declarationOfTrackers(list ...classify.Tracker) Declaration {
	return DeclarationOf(Report{Host: "www.shop.test", Facts: Facts{Started: scanStart, Trackers: list}})
}

func TestDeclaration(t *testing.T) {
	year, session, cut, two := 365.0, 0.0, 400.0, 730.0
	d := declarationOfTrackers(
		classify.Tracker{Kind: classify.KindCookie, Name: "_ga_AB12", Pattern: "_ga_*", Domain: ".shop.test", Party: "first", Vendor: "Google Analytics", Category: "analytics", Purpose: "Counts visitors.", Source: classify.FromCatalog, LifetimeDays: &cut, AskedDays: &two, Verdict: classify.DeclaredByName},
		classify.Tracker{Kind: classify.KindCookie, Name: "_fbp", Domain: ".shop.test", Party: "first", Vendor: "Meta Pixel", Category: "advertising", Purpose: "Tells visitors apart.", Source: classify.FromCatalog, LifetimeDays: &year, Verdict: classify.Undeclared},
		classify.Tracker{Kind: classify.KindBeacon, Name: "www.facebook.com/tr", Host: "www.facebook.com", Path: "/tr", Party: "third", Vendor: "Meta Pixel", Category: "advertising", Purpose: "Tells visitors apart.", Source: classify.FromCatalog, Verdict: classify.Contradicted},
		classify.Tracker{Kind: classify.KindRequest, Name: "connect.facebook.net", Host: "connect.facebook.net", Party: "third", Vendor: "Meta Pixel", Category: "advertising", Verdict: classify.Undeclared},
		classify.Tracker{Kind: classify.KindRequest, Name: "static.hotjar.com", Host: "static.hotjar.com", Party: "third", Vendor: "Hotjar", Category: "analytics", Purpose: "Records visits.", Source: classify.FromCatalog, Verdict: classify.Undeclared},
		classify.Tracker{Kind: classify.KindCookie, Name: "PHPSESSID", Domain: "www.shop.test", Party: "first", Category: "necessary", Purpose: "Keeps the cart.", Source: classify.FromCatalog, LifetimeDays: &session, Verdict: classify.NotATracker},
		classify.Tracker{Kind: classify.KindCookie, Name: "theme", Domain: "www.shop.test", Party: "first", Category: "functional", Purpose: "Nobody can name it.", Source: classify.FromHeuristic, LifetimeDays: &year, Verdict: classify.DeclaredByName, Declaration: &classify.Declared{Text: "theme remembers dark or light"}},
		classify.Tracker{Kind: classify.KindStorage, Storage: "local", Name: "xq7", Domain: "www.shop.test", Party: "first", Verdict: classify.Unidentified},
		classify.Tracker{Kind: classify.KindCookie, Name: "IDE", Domain: ".doubleclick.net", Party: "third", Refused: "UserPreferences", Vendor: "Google Ads", Category: "advertising", Verdict: classify.Undeclared},
		classify.Tracker{Kind: classify.KindRequest, Name: "fonts.test", Host: "fonts.test", Party: "third", Verdict: classify.NotATracker},
	)
	var rows []string
	for _, s := range d.Sections {
		rows = append(rows, "# "+s.Title)
		for _, row := range s.Rows {
			fresh := ""
			if row.New {
				fresh = " new"
			}
			rows = append(rows, strings.Join(row.cells(), " | ")+fresh)
		}
	}
	require.Equal(t, []string{
		"# Necessary", "PHPSESSID | cookie | www.shop.test | Keeps the cart. | session | first party",
		"# Functional", "theme | cookie | www.shop.test | The policy: “theme remembers dark or light” | 1 year | first party",
		"# Analytics", "_ga_* | cookie | Google Analytics | Counts visitors. | 2 years | first party",
		"static.hotjar.com | host | Hotjar | Records visits. | – | third party new",
		"# Advertising", "_fbp | cookie | Meta Pixel | Tells visitors apart. | 1 year | first party new",
		"www.facebook.com/tr | beacon | Meta Pixel | Tells visitors apart. | – | third party new",
		"# To be completed", "xq7 | local storage | (unknown) | (unknown) | until deleted | first party new",
	}, rows)
	require.Equal(t, 4, d.New)
	require.Equal(t, 1, d.Unknown)
}

// What a site calls its cookies neither breaks a table nor becomes markup or a formula.
func TestDeclarationIsInert(t *testing.T) {
	for _, name := range []string{"<script>alert(1)</script>", "a | b", "`x`\n\n# y", "=cmd()", "\x1b[2J\u202e", "&lt;"} {
		d := declarationOfTrackers(classify.Tracker{
			Kind: classify.KindCookie, Name: name, Domain: "a.test", Party: "first", Vendor: classify.Text(name), Purpose: name, Source: classify.FromCatalog, Category: "social",
		})
		for _, format := range DeclarationFormats {
			var out bytes.Buffer
			require.NoError(t, d.Write(&out, format))
			require.NotContains(t, out.String(), "\x1b")
			require.NotContains(t, out.String(), "\u202e")
			switch format {
			case "html":
				require.NotContains(t, out.String(), "<script")
				_, err := html.Parse(&out)
				require.NoError(t, err)
			case "csv":
				all, err := csv.NewReader(&out).ReadAll()
				require.NoError(t, err)
				require.Len(t, all, 2)
				require.NotEqual(t, "=", all[1][1][:1])
			default:
				line := strings.Split(out.String(), "\n")[6]
				require.True(t, strings.HasPrefix(line, "| ") && strings.HasSuffix(line, " first party |"), line)
				require.NotContains(t, out.String(), "\n# y")
			}
		}
	}
}
