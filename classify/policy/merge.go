package policy

import "trackscan/classify"

const (
	silent   = "silent"
	honored  = "honored"
	ignored  = "ignored"
	declared = "declared"
	denied   = "denied"
)

// merge joins what the documents of one site declare. Documents that are no policy add nothing.
func merge(all []classify.Policy) classify.Policy {
	if len(all) == 1 {
		return all[0]
	}
	out := empty()
	for _, p := range all {
		if out.URL == "" || !out.IsPolicy && p.IsPolicy {
			out.URL, out.Lang = p.URL, p.Lang
		}
		if !p.IsPolicy {
			continue
		}
		out.IsPolicy = true
		sign(&p)
		join(&out, p)
	}
	return out
}

func empty() classify.Policy {
	return classify.Policy{
		Schema: classify.PolicySchema, DNT: silent, ThirdPartyCookies: silent,
		Categories: []classify.PolicyCategory{}, Cookies: []classify.PolicyCookie{}, Vendors: []classify.PolicyVendor{},
		Technologies: []classify.Technology{}, TechnologiesDenied: []classify.Technology{},
		VendorsDenied: []classify.PolicyVendor{}, CategoriesDenied: []classify.PolicyCategory{},
		Claims: []classify.Claim{}, OptOuts: []string{},
	}
}

// sign writes the document's URL into every quote.
func sign(p *classify.Policy) {
	for i := range p.Categories {
		p.Categories[i].URL = p.URL
	}
	for i := range p.CategoriesDenied {
		p.CategoriesDenied[i].URL = p.URL
	}
	for i := range p.Cookies {
		p.Cookies[i].URL = p.URL
	}
	for i := range p.Vendors {
		p.Vendors[i].URL = p.URL
	}
	for i := range p.VendorsDenied {
		p.VendorsDenied[i].URL = p.URL
	}
	for i := range p.Technologies {
		p.Technologies[i].URL = p.URL
	}
	for i := range p.TechnologiesDenied {
		p.TechnologiesDenied[i].URL = p.URL
	}
	for i := range p.Claims {
		p.Claims[i].URL = p.URL
	}
}

func join(out *classify.Policy, p classify.Policy) {
	out.Effective = max(out.Effective, p.Effective)
	out.Cookies = append(out.Cookies, p.Cookies...)
	out.Claims = append(out.Claims, p.Claims...)
	out.Categories = union(out.Categories, p.Categories, func(c classify.PolicyCategory) string { return string(c.ID) })
	out.CategoriesDenied = union(out.CategoriesDenied, p.CategoriesDenied, func(c classify.PolicyCategory) string { return string(c.ID) })
	out.Vendors = union(out.Vendors, p.Vendors, func(v classify.PolicyVendor) string { return vendorKey(v.Name) })
	out.VendorsDenied = union(out.VendorsDenied, p.VendorsDenied, func(v classify.PolicyVendor) string { return vendorKey(v.Name) })
	out.Technologies = union(out.Technologies, p.Technologies, func(t classify.Technology) string { return t.ID })
	out.TechnologiesDenied = union(out.TechnologiesDenied, p.TechnologiesDenied, func(t classify.Technology) string { return t.ID })
	out.OptOuts = union(out.OptOuts, p.OptOuts, func(s string) string { return s })
	if out.DNT == silent || p.DNT == ignored {
		out.DNT = stronger(out.DNT, p.DNT)
	}
	if out.ThirdPartyCookies != declared {
		out.ThirdPartyCookies = stronger(out.ThirdPartyCookies, p.ThirdPartyCookies)
	}
}

func stronger(a, b string) string {
	if b == silent {
		return a
	}
	return b
}

// union appends what b has and a has not.
func union[T any](a, b []T, key func(T) string) []T {
	seen := map[string]bool{}
	for _, one := range a {
		seen[key(one)] = true
	}
	for _, one := range b {
		if !seen[key(one)] {
			seen[key(one)] = true
			a = append(a, one)
		}
	}
	return a
}
