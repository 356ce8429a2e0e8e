package policy

// nameLines reads a paragraph whose lines open with the name of a cookie and go on with what it is for - "_ga: counts
// visits (2 years)" - where cookies are spoken of, and returns the block behind it; i when there is no such thing.
func (d *document) nameLines(i int, sec *section) int {
	b := &d.blocks[i]
	if b.kind != paragraph || !sec.cookies && sec.vendor == "" || sec.general || sec.manage {
		return i
	}
	var all []entry
	for _, line := range b.text.lines() {
		lead, rest, ok := leadOf(line, false)
		if !ok || rest.s == "" {
			return i
		}
		e := entry{at: i, lead: lead, rest: rest, names: names(lead)}
		if len(e.names) == 0 || !allShaped(e.names, sure) && !(allShaped(e.names, likely) && d.phrase(rest).cookieSoon()) {
			return i
		}
		all = append(all, e)
	}
	for _, e := range all {
		d.readEntry(e, sec, nil)
	}
	d.keepListed(i, i+1, sec, nil)
	return i + 1
}

// cookieSoon reports whether the word cookie stands among the first words.
func (p *phrase) cookieSoon() bool {
	h, ok := p.first("cookie")
	return ok && h.from <= 5
}
