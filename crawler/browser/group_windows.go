package browser

import (
	"os/exec"
	"syscall"
)

// ownGroup puts the browser into a process group of its own, so that Ctrl-C reaches only us.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
