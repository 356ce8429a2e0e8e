package report

import "strconv"

// head is the first rows of a list and how many are left out.
type head[T any] struct {
	Rows []T
	More int
}

func headOf[T any](list []T, n int) head[T] {
	n = min(n, len(list))
	return head[T]{Rows: list[:n], More: len(list) - n}
}

// rest says how many rows are left out; empty when none is.
func (h head[T]) rest() string {
	if h.More == 0 {
		return ""
	}
	return "and " + strconv.Itoa(h.More) + " more, all in the JSON report"
}
