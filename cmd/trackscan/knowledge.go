package main

import (
	"fmt"

	"trackscan/classify"
	"trackscan/classify/catalog"
	"trackscan/cmd/trackscan/lists"
	"trackscan/report"
)

// knowledge is all that trackers are named by: our catalogue, and the lists and databases that are on this machine.
type knowledge struct {
	catalog *catalog.Catalog
	lists   []report.List
	all     classify.Catalogs // the catalogue first: its names are ours to answer for
}

func (a *app) loadKnowledge() (knowledge, error) {
	own, err := catalog.Load()
	if err != nil {
		return knowledge{}, fmt.Errorf("load the catalogue: %w", err)
	}
	loaded, others, err := lists.Load(a.lists)
	if err != nil {
		return knowledge{}, err
	}
	k := knowledge{catalog: own, all: classify.Catalogs{own, others}}
	for _, l := range loaded {
		k.lists = append(k.lists, report.List(l))
	}
	return k, nil
}
