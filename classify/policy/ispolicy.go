package policy

// isPolicy reports whether the document is a policy at all.
func (d *document) isPolicy() bool { return len(d.statements) > 5 }
