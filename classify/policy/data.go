package policy

// readData reads the data files in which consent managers publish their declarations.
func readData(src string) *builder {
	b := newBuilder(src)
	b.done()
	return b
}
