package browser

import "os"

// alive reports whether there is a process with that number; Windows refuses to find one that is not.
func alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	_ = p.Release()
	return true
}
