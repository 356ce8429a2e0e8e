//go:build unix && !linux

package browser

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the browser into a process group of its own, so that Ctrl-C reaches only us.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}
