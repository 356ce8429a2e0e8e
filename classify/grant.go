package classify

// grant is what was told about one purpose.
type grant int

// The grants; the stronger one wins where two were told.
const (
	untold grant = iota // nothing, or that it does not apply
	granted
	denied
)

func (g grant) and(other grant) grant { return max(g, other) }
