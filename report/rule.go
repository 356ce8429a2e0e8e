package report

import "strings"

// ruleUnseen is the rule whose findings are listed as declared and not seen, not as something to do.
const ruleUnseen = "unseen-declaration"

// ruleTitle returns the title of a rule; of a rule that is not known its name.
func ruleTitle(rule string) string {
	return upperFirst(strings.ReplaceAll(show(rule), "-", " "))
}
