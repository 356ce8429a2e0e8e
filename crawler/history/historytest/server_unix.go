//go:build unix

package historytest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// startServer makes a data folder and starts PostgreSQL on it. The shell that is left behind stops the server and
// removes the folder when its standard input ends: on stop, and also when the test process dies. Where its user may not
// remove it from TMPDIR, stop does.
func startServer() (*server, error) {
	initdb, err := serverProgram("initdb")
	if err != nil {
		return nil, err
	}
	pgctl, err := serverProgram("pg_ctl")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "trackscan-pg")
	if err != nil {
		return nil, err
	}
	const script = `set -e
		"$1" -D "$3/data" -U postgres -A trust -E UTF8 --locale=C --no-sync
		"$2" -D "$3/data" -l "$3/log" -w -o "-k '$3' -c listen_addresses= -c fsync=off" start || { cat "$3/log"; exit 1; }`
	const cleanup = `read -r end; "$2" -D "$3/data" -m immediate -w stop; rm -rf "$3" 2>/dev/null || true`
	if out, err := asUser(dir, "-c", script, "sh", initdb, pgctl, dir).CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("start postgresql: %w: %s", err, out), os.RemoveAll(dir))
	}
	keeper := asUser(dir, "-c", cleanup, "sh", initdb, pgctl, dir)
	line, err := keeper.StdinPipe()
	if err == nil {
		err = keeper.Start()
	}
	return &server{dir, func() error { return errors.Join(line.Close(), keeper.Wait(), os.RemoveAll(dir)) }}, err
}

// asUser prepares a shell command in dir, run by the user postgres when we are root, whom PostgreSQL refuses.
func asUser(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("sh", args...)
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt at the terminal is not for the server
	if u, err := user.Lookup("postgres"); err == nil && os.Getuid() == 0 {
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(dir, uid, gid); err != nil {
			cmd.Err = err
		}
	}
	return cmd
}
