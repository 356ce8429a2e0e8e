// Package demo holds the demonstration sites: an invented shop whose cookie policy is out of date and whose banner is
// not minded by everything, and its campaign site, which has neither. They show what a first scan can find, and things
// that are in order.
//
// It only holds them. Serving them is the work of crawler/fakeweb, scanning them that of the demo command; neither
// needs a network.
package demo

import (
	_ "embed"
	"fmt"

	"trackscan/crawler/fakeweb"
)

var (
	//go:embed shop.txtar
	shop []byte
	//go:embed campaign.txtar
	campaign []byte
	//go:embed vendors.txtar
	vendors []byte
)

// Site is one demonstration site.
type Site struct {
	Name string       // for people: "shop"
	URL  string       // where a scan starts
	Web  *fakeweb.Web // the site and every third party it uses
}

// Sites returns the demonstration sites, in the order in which they are shown. Each has a web of its own, to be
// served apart: the third parties are in all of them.
func Sites() []Site {
	return []Site{
		{Name: "shop", URL: "https://www.nordlicht-shop.test/", Web: web(shop)},
		{Name: "campaign", URL: "https://spring.nordlicht-campaign.test/", Web: web(campaign)},
	}
}

// web joins a site with the third parties. The archives are part of the program, so one that cannot be read is a
// fault of the program.
func web(site []byte) *fakeweb.Web {
	var webs []*fakeweb.Web
	for _, archive := range [][]byte{site, vendors} {
		w, err := fakeweb.Parse(archive)
		if err != nil {
			panic(fmt.Errorf("read demonstration site: %w", err))
		}
		webs = append(webs, w)
	}
	all, err := fakeweb.Merge(webs...)
	if err != nil {
		panic(fmt.Errorf("read demonstration site: %w", err))
	}
	return all
}
