package config

import _ "embed"

// Example is a file with every key and what it is for. It loads as it is.
//
//go:embed example.yaml
var Example []byte
