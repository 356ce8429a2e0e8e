package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"trackscan/classify"
)

// The parts of SARIF 2.1.0 that a report fills. Names and meanings are the standard's:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		Results     []sarifResult     `json:"results"`
		ColumnKind  string            `json:"columnKind"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string    `json:"id"`
		Short   sarifText `json:"shortDescription"`
		Full    sarifText `json:"fullDescription"`
		Help    sarifText `json:"help"`
		Default struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Started       string              `json:"startTimeUtc,omitempty"`
		Ended         string              `json:"endTimeUtc,omitempty"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
		Properties   sarifProperties    `json:"properties"`
	}
	sarifProperties struct {
		Pages []string `json:"pages"` // whole addresses
	}
	sarifLocation struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region struct {
				Line int `json:"startLine"`
			} `json:"region"`
		} `json:"physicalLocation"`
		Logical []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification,omitempty"`
	}
)

// sarifSchema is the address of the standard's schema; nothing is fetched from there.
const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// sarifLineHash is the fingerprint by which GitHub follows a finding from one run to the next.
const sarifLineHash = "primaryLocationLineHash"

// sarifPages is how many pages a result names.
const sarifPages = 10

// sarifLevels translate severities.
var sarifLevels = map[classify.Severity]string{classify.High: "error", classify.Medium: "warning", classify.Low: "note"}

// writeSARIF writes the findings for tools that show results of static analysis. What is exempted is a suppressed
// result, and what was not seen a notification.
func writeSARIF(w io.Writer, r Report, _ Style) error {
	rules := sarifRules(r.Facts)
	run := sarifRun{
		Tool:        sarifTool{sarifDriver{Name: "trackscan", Version: show(r.Facts.Agent.Trackscan), Rules: rules}},
		Invocations: []sarifInvocation{sarifInvocationOf(r)}, Results: []sarifResult{}, ColumnKind: "unicodeCodePoints",
	}
	for _, f := range r.Facts.Findings {
		run.Results = append(run.Results, sarifResultOf(f, r, rules))
	}
	for _, e := range r.Facts.Exempted {
		one := sarifResultOf(e.Finding, r, rules)
		one.Suppressions = []sarifSuppression{{Kind: "external", Justification: sentence(e.Reason)}}
		run.Results = append(run.Results, one)
	}
	text, err := json.MarshalIndent(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}}, "", "  ")
	if err != nil {
		return fmt.Errorf("write sarif: %w", err)
	}
	_, err = w.Write(append(escaped(text), '\n'))
	return err
}

// sarifRules documents the rules of the findings, each once.
func sarifRules(f Facts) []sarifRule {
	out := []sarifRule{}
	for _, one := range slices.Concat(f.Findings, mapped(f.Exempted, func(e Exempted) classify.Finding { return e.Finding })) {
		if sarifRuleIndex(out, one.Rule) < 0 {
			out = append(out, newSARIFRule(one.Rule))
		}
	}
	return out
}

func newSARIFRule(id string) sarifRule {
	title := ruleTitle(id) + "."
	out := sarifRule{ID: show(id), Short: sarifText{title}, Full: sarifText{title}, Help: sarifText{title}}
	if r, known := classify.RuleByID(id); known {
		out.Full, out.Help = sarifText{r.Means}, sarifText{r.ToDo}
	}
	out.Default.Level = "warning"
	return out
}

func sarifRuleIndex(rules []sarifRule, id string) int {
	return slices.IndexFunc(rules, func(r sarifRule) bool { return r.ID == show(id) })
}

func sarifResultOf(f classify.Finding, r Report, rules []sarifRule) sarifResult {
	level := sarifLevels[f.Severity]
	if level == "" {
		level = "none"
	}
	message := sentence(f.Message)
	if fix := sentence(f.Fix); fix != "" {
		message += " " + fix
	}
	out := sarifResult{
		RuleID: show(f.Rule), RuleIndex: sarifRuleIndex(rules, f.Rule), Level: level, Message: sarifText{message},
		Fingerprints: map[string]string{"trackscan/1": f.ID, sarifLineHash: lineHash(f.ID)},
	}
	pages := f.Pages
	if len(pages) == 0 {
		pages = []string{r.Facts.Site}
	}
	for _, page := range pages[:min(len(pages), sarifPages)] {
		out.Properties.Pages = append(out.Properties.Pages, show(page))
		var at sarifLocation
		at.Physical.Artifact.URI, at.Physical.Region.Line = sarifPath(page), 1
		if f.Tracker != "" {
			at.Logical = []sarifLogical{{f.Tracker}}
		}
		out.Locations = append(out.Locations, at)
	}
	return out
}

// lineHash is a fingerprint in the form that GitHub makes of lines of source files, of which there are none: without
// one it would tell the findings of one page apart by nothing.
func lineHash(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:8]) + ":1"
}

// sarifPath makes a relative path of a page's address, without its query: www.shop.test/cart, localhost_8080/. GitHub
// rejects a whole file when one location in it is an address of the web.
func sarifPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || !plainHost.MatchString(u.Host) {
		return "./" + url.PathEscape(show(address))
	}
	return strings.ReplaceAll(u.Host, ":", "_") + u.EscapedPath()
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]+)?$`)

func sarifInvocationOf(r Report) sarifInvocation {
	out := sarifInvocation{Successful: !r.Dead}
	if f := r.Facts; !f.Started.IsZero() && !f.Ended.IsZero() {
		out.Started, out.Ended = f.Started.Format("2006-01-02T15:04:05Z"), f.Ended.Format("2006-01-02T15:04:05Z")
	}
	for _, w := range r.Warnings {
		out.Notifications = append(out.Notifications, sarifNotification{"warning", sarifText{w.Text}})
		for _, d := range w.Details {
			out.Notifications = append(out.Notifications, sarifNotification{"note", sarifText{d}})
		}
	}
	return out
}
