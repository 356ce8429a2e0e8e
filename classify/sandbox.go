package classify

import (
	"slices"

	"trackscan/crawler"
)

// sandboxes are the interfaces by which browsers serve advertising themselves, which Chrome calls the Privacy Sandbox.
// Asking whether they are there, or forbidding them, is no use.
var sandboxes = []technique{
	{RuleSandbox, "topics", "asks the browser for topics that interest the visitor", uses(
		"Document.browsingTopics", "fetch.browsingTopics", "HTMLIFrameElement.browsingTopics", "HTMLImageElement.browsingTopics")},
	{RuleSandbox, "protected-audience", "has the browser remember the visitor for ads and choose ads by that", uses(
		"Navigator.joinAdInterestGroup", "Navigator.updateAdInterestGroups", "Navigator.runAdAuction",
		"Navigator.getInterestGroupAdAuctionData", "fetch.adAuctionHeaders", "HTMLIFrameElement.adAuctionHeaders")},
	{RuleSandbox, "attribution-reporting", "has the browser report which ads led to a purchase", uses(
		"HTMLImageElement.attributionSrc", "HTMLAnchorElement.attributionSrc", "HTMLScriptElement.attributionSrc",
		"XMLHttpRequest.setAttributionReporting", "fetch.attributionReporting")},
	{RuleSandbox, "shared-storage", "keeps something in a storage that all sites share", uses(
		"SharedStorage.set", "SharedStorage.append", "SharedStorage.run", "SharedStorage.selectURL", "SharedStorageWorklet.addModule",
		"fetch.sharedStorageWritable", "HTMLIFrameElement.sharedStorageWritable", "HTMLImageElement.sharedStorageWritable")},
	{RuleSandbox, "private-state-tokens", "has the browser carry tokens from one site to the next", uses(
		"Document.hasPrivateToken", "Document.hasRedemptionRecord", "XMLHttpRequest.setPrivateToken", "fetch.privateToken")},
}

// uses recognises a script that uses one of some interfaces.
func uses(names ...string) func(*crawler.Page, *crawler.Script) bool {
	return func(_ *crawler.Page, s *crawler.Script) bool {
		return slices.ContainsFunc(names, func(name string) bool { return s.Used(name) > 0 })
	}
}

// registered are the techniques that answers of servers ask for, by the names of crawler.Request.
var registered = map[string]string{
	"topics": "topics", "auction": "protected-audience", "attribution": "attribution-reporting",
	"shared-storage": "shared-storage", "private-token": "private-state-tokens",
}

// registers notes what a server has the browser do.
func (f *found) registers(r *crawler.Request) {
	for _, what := range r.Registers {
		if way := registered[what]; way != "" {
			f.follow([]string{way})
		}
	}
}
