package browser

import (
	"cmp"
	"slices"

	"trackscan/crawler"
)

// maxContainers bounds the containers of tag managers that are kept of one page.
const maxContainers = 20

// keepContainer takes down a container. v.mu is held.
func (v *visit) keepContainer(url string, c *crawler.Container) {
	if c != nil && len(v.containers) < maxContainers && v.containers[url] == nil {
		v.containers[url] = c
	}
}

// containersSeen turns containers into evidence, by their addresses. v.mu is held.
func (v *visit) containersSeen() []crawler.Container {
	var out []crawler.Container
	for url, c := range v.containers {
		one := *c
		one.URL, one.Party, one.Initiators = v.show(url), v.party(url), v.chainTo(url, 0)
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b crawler.Container) int { return cmp.Or(cmp.Compare(a.URL, b.URL), cmp.Compare(a.ID, b.ID)) })
	return out
}
