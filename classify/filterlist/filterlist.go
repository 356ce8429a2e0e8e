// Package filterlist reads lists in adblock syntax (EasyPrivacy, EasyList, uBlock Origin, AdGuard, hosts files) and
// tells whether a request is one that a list would block, and by which rule.
//
// It knows the network rules: "||", "|", "*", "^", "@@", regular expressions, the options that narrow a rule to types,
// parties, domains and methods, $important, $badfilter, and the "!#if" directives. Rules that change a page or an
// answer instead of blocking a request (cosmetic rules, $csp, $removeparam, $replace, $redirect-rule, ...) are counted
// and left out. Nothing is ever blocked here: a verdict is knowledge about a request, no more.
//
// It has no paths, no sockets and no clock: lists come in as readers. Where lists lie and how they are fetched is the
// work of cmd/trackscan/lists. Naming vendors is the work of classify/catalog.
//
// Lists are written by strangers and are treated so: lines, patterns, rules and the work per request are bounded, and
// regular expressions run on RE2, which cannot be made to run for ever. Rules that RE2 cannot express (lookarounds,
// back references) are left out and counted in Skipped.Regexps.
package filterlist
