// Package policy reads published privacy and cookie policies: Document in, classify.Policy out.
//
// It reads HTML, Markdown, plain text, PDF and the data files of consent managers into one block model (headings,
// paragraphs, list items, tables), looks for what is declared in tables, lists and sentences, and quotes the bytes of
// the document for everything that it says. The words of a language are data (lexicon/*.txt), the promises too
// (claims.txt); the rules that join them know no language.
//
// It never guesses, never asks the network and never knows a vendor's cookie from elsewhere: what a tracker is, is the
// work of classify/catalog; how a policy is found, of crawler/discover; how findings follow from it, of classify.
package policy
