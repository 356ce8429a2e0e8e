package classify

import "strings"

// findings are what does not fit about f.
func (n *newsletters) findings(f *found) []Finding {
	switch f.Verdict {
	case Contradicted:
		return []Finding{f.mailed(RuleContradicted, High, "but the policy says: "+sentence(f.match.quote.Text), capital(f.switchOff())+", or correct that sentence of the policy.")}
	case Undeclared:
		return []Finding{f.mailed(f.undeclaredRule())}
	case Unidentified:
		return []Finding{f.mailed(RuleUnidentified, f.unknownMail(), "and nobody can say for whom",
			"Ask the people who send the newsletter who gets to know that; then name it in the policy, or "+f.switchOff()+".")}
	}
	return nil
}

// undeclaredRule is the finding about what the policy does not mention. A parameter alone tells those who already know
// the reader, and a mail program asks before it sends a receipt: both weigh less.
func (f *found) undeclaredRule() (rule string, severity Severity, but, fix string) {
	rule, severity = RuleUndeclared, Medium
	switch {
	case f.Kind == KindReceipt || f.identity.Category == Necessary:
		severity = Low
	case f.Kind == KindLink && f.Host == "":
		rule, severity = RuleDecoration, Low
	}
	return rule, severity, "and the policy does not mention it", "Add to what the policy says of newsletters: “" +
		f.mailDeclaration() + "” Or " + f.switchOff() + "."
}

// unknownMail is the severity of what nobody can name: pictures that are seen weigh less than what is there to tell.
func (f *found) unknownMail() Severity {
	if f.Kind == KindRequest {
		return Low
	}
	return Medium
}

func (f *found) mailed(rule string, severity Severity, but, fix string) Finding {
	finding := Finding{
		ID: rule + " " + f.ID, Rule: rule, Severity: severity, Tracker: f.ID, Subject: f.Name, Pages: f.Pages,
		Message: f.mailDeed() + ", " + strings.TrimSuffix(but, ".") + ".", Fix: fix,
	}
	if q := f.match.quote; q != nil {
		finding.Text, finding.Quote = q.Text, q.Quote
	}
	return finding
}

// mailDeed says what the message does, as the beginning of a sentence.
func (f *found) mailDeed() string {
	who := visible(clip(f.Name, maxTemplateBytes))
	if f.Vendor != "" && f.Host != "" {
		who = visible(string(f.Vendor)) + " (" + who + ")"
	}
	switch {
	case f.Kind == KindBeacon:
		return "The message tells " + who + " when it is opened, with a picture that is not there to be seen"
	case f.Kind == KindLink && f.Host == "":
		return "Links of the message carry the parameter " + quoted(f.Name) + " of " + visible(string(f.Vendor)) +
			", by which the reader is recognised where they lead"
	case f.Kind == KindLink:
		return "Links of the message lead through " + who + ", which gets to know who follows them"
	case f.Kind == KindReceipt:
		return "The message asks the reader's mail program for a receipt"
	default:
		return "The message loads from " + who + " what looks made for one reader"
	}
}

// mailDeclaration is the sentence that would declare f.
func (f *found) mailDeclaration() string {
	who := ""
	if f.Vendor != "" {
		who = " by " + visible(string(f.Vendor))
	}
	switch f.Kind {
	case KindBeacon:
		return "Our newsletters hold an invisible picture (web beacon)" + who + ", which tells us when they are opened."
	case KindLink:
		return "Links in our newsletters are followed" + who + ": we get to know which of them you click."
	case KindReceipt:
		return "Our e-mails ask for a receipt when they are read."
	default:
		return "Our newsletters load pictures" + who + " that are made for each reader."
	}
}

// switchOff says how f goes away.
func (f *found) switchOff() string {
	where := "where the newsletter is sent"
	if f.Vendor != "" {
		where = "in " + visible(string(f.Vendor))
	}
	switch f.Kind {
	case KindBeacon:
		return "switch off the measuring of opens " + where
	case KindLink:
		return "switch off the measuring of clicks " + where
	case KindReceipt:
		return "send it without asking for a receipt"
	default:
		return "take the picture out of the newsletter"
	}
}
