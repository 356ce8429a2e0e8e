//go:build unix

package browser

import (
	"errors"
	"syscall"
)

// alive reports whether there is a process with that number.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
