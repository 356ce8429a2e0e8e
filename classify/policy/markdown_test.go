package policy

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEmptyEmphasisIsNoWildcard(t *testing.T) {
	p := readCase(t, "There are three kinds of cookies on our sites:****\n\nThe cookie wp_**** keeps you signed in.\n")
	assert.Equal(t, []string{"wp_****"}, cookieNames(p))
}

// Underscores of an emphasis that is not closed, or not paired, make no names of words.
func TestLooseUnderscores(t *testing.T) {
	p := readCase(t, "__Strictly necessary cookies_ – which enable what you asked for_. They make _no_ use of other cookies. We set `kept_` and _kd_id.\n\n"+
		"__Functionality Cookies_ – which remember your choices_\n\n__Marketing Cookies:_ – which show advertising_\n")
	require.ElementsMatch(t, []string{"kept_", "_kd_id"}, cookieNames(p))
}

func TestEmphasisAndTemplates(t *testing.T) {
	p := readCase(t, "_**Effective January 1, 2024**_\n\n| Name | Purpose |\n| --- | --- |\n| _ga_<ID> | Analytics |\n| ttcsid\\_<ID> | Advertising |\n")
	assert.Equal(t, []string{"_ga_<ID>", "ttcsid_<ID>"}, cookieNames(p))
}

func TestTemplateCodeIsNotRead(t *testing.T) {
	p := readWhole(t, "---\ntitle: Cookie policy\n---\n\n{% include head.html active_page %}\n\nWe use cookies. See [the notice](/notice){:rel=\"nofollow\",target=\"_blank\"} of our host.\n\n<%= render \"title\", {\n  page_title: \"Cookies\",\n} do %>\n\nThe cookie `user_{{id}}` keeps you signed in.\n")
	assert.Equal(t, []string{"user_{{id}}"}, cookieNames(p))
	assert.Contains(t, p.Cookies[0].Quote.Quote, "user_{{id}}")
}

// TestLinkOfRestructuredText holds that its backticks are no code.
func TestLinkOfRestructuredText(t *testing.T) {
	p := readCase(t, "On cookies see the `University cookies policy page <https://uni.example/cookies>`_.\n\nWe set `_ga` for two years.\n")
	require.Equal(t, []string{"_ga"}, cookieNames(p))
}

// TestValuesOfTemplates holds that what a template has yet to fill in is no name, but may be a part of one.
func TestValuesOfTemplates(t *testing.T) {
	p := readCase(t, "We set cookies of `{{ stats_host }}` and {{error_text}} and `_ga_{{id}}` to count visits.\n")
	require.Equal(t, []string{"_ga_{{id}}"}, cookieNames(p))
}

// TestTagsInCode holds that angle brackets in code are text.
func TestTagsInCode(t *testing.T) {
	p := readCase(t, "| Cookie | Purpose |\n|---|---|\n| `<note>-box-<n>` | keeps what you ticked |\n")
	require.Equal(t, []string{"<note>-box-<n>"}, cookieNames(p))
}

// TestMarkdownOverLines reads bold text and links that go over the ends of wrapped lines.
func TestMarkdownOverLines(t *testing.T) {
	p := readCase(t, "Both pages are quiet: **neither of them sets a cookie or loads\nanything from elsewhere at all** and the search runs in your browser, as the\n[notes of\nour team](https://notes.example/a_b) tell. We set the cookie `sid_a` as soon as you come and\n**the cookies `sid_b` and `sid_c` when you log in, which end\nwith your visit** and never before.\n")
	require.Equal(t, []string{"sid_a", "sid_b", "sid_c"}, cookieNames(p))
}

// TestBoxes holds that the marks which open and close boxes are no text.
func TestBoxes(t *testing.T) {
	p := readCase(t, ":::warning[Draft_1]\nWe set the cookie sid_a.\n:::\n\n!!! note \"Draft_2\"\n    We set the cookie sid_b.\n")
	require.Equal(t, []string{"sid_a", "sid_b"}, cookieNames(p))
}
