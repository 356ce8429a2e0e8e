package history

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

func init() {
	roles["full"] = onTmpfs("size=1m", fillDisk)
	roles["full from the start"] = onTmpfs("size=16k", openOnFullDisk)
	roles["read-only"] = onTmpfs("size=8m", readOnlyDisk)
	roles["read-only with a log"] = onTmpfs("size=8m", readOnlyDiskWithLog)
}

// noMounts is the exit code of a role that may not mount.
const noMounts = 77

// TestRealDisks runs each role in a process that sees a file system of its own.
func TestRealDisks(t *testing.T) {
	for _, role := range []string{"full", "full from the start", "read-only", "read-only with a log"} {
		t.Run(role, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], t.TempDir())
			cmd.Env = append(os.Environ(), roleVariable+"="+role)
			cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
			if os.Getuid() != 0 {
				cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
				cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
			}
			out, err := cmd.CombinedOutput()
			denied := errors.Is(err, syscall.EPERM) || cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == noMounts
			if denied && os.Getenv("TRACKSCAN_REQUIRE") != "all" {
				t.Skip("no right to mount a file system")
			}
			require.NoError(t, err, string(out))
		})
	}
}

// onTmpfs makes a role that runs on a small file system in memory, which nobody else sees and which ends with the
// process.
func onTmpfs(options string, role func(ctx context.Context, dir string) error) func([]string) error {
	return func(args []string) error {
		err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, "")
		if err == nil {
			err = syscall.Mount("tmpfs", args[0], "tmpfs", 0, options)
		}
		if errors.Is(err, syscall.EPERM) {
			os.Exit(noMounts)
		}
		if err != nil {
			return err
		}
		return role(context.Background(), args[0])
	}
}

// fillDisk writes until the disk is full, reads everything back, and goes on when there is room again.
func fillDisk(ctx context.Context, dir string) error {
	s, err := Open(ctx, filepath.Join(dir, "history.db"))
	if err != nil {
		return err
	}
	defer s.Close()
	r, err := s.Begin(ctx, Header{Site: shop, Started: day})
	if err != nil {
		return err
	}
	w := newWeb(1)
	var kept int
	for err == nil {
		if err = r.Add(ctx, w.page(shop, 0, 0, kept)); err == nil {
			kept++
		}
	}
	if kept == 0 || !errors.Is(err, ErrFull) {
		return fmt.Errorf("after %d pages: %w", kept, err)
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, "size=8m"); err != nil {
		return err
	}
	if err := r.Add(ctx, w.page(shop, 0, 0, kept)); err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	return requirePages(ctx, s, r.ID(), kept+1)
}

func requirePages(ctx context.Context, s *Store, id int64, want int) error {
	scan, err := s.Load(ctx, id)
	if err != nil {
		return err
	}
	if len(scan.Pages) != want {
		return fmt.Errorf("%d pages of %d", len(scan.Pages), want)
	}
	return nil
}

func openOnFullDisk(ctx context.Context, dir string) error {
	_, err := Open(ctx, filepath.Join(dir, "history.db"))
	return requireError(err, ErrFull)
}

func requireError(err, want error) error {
	if !errors.Is(err, want) {
		return fmt.Errorf("%q is wanted, not: %w", want, err)
	}
	return nil
}

// readOnlyDisk opens a store on a medium that cannot be written: scans can be read and not begun.
func readOnlyDisk(ctx context.Context, dir string) error {
	s, err := Open(ctx, filepath.Join(dir, "history.db"))
	if err != nil {
		return err
	}
	id, err := oneScan(ctx, s)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		return err
	}
	return onlyReadable(ctx, dir, id)
}

// readOnlyDiskWithLog opens a store that was copied while it was being written: its log would have to be merged first.
func readOnlyDiskWithLog(ctx context.Context, dir string) error {
	from := filepath.Join(filepath.Dir(dir), "open.db") // an open file would keep dir from being made read-only
	s, err := Open(ctx, from)
	if err != nil {
		return err
	}
	defer s.Close()
	if _, err := oneScan(ctx, s); err != nil {
		return err
	}
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(from + end)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "history.db"+end), b, 0o644)
		}
		if err != nil {
			return err
		}
	}
	if err := makeReadOnly(dir); err != nil {
		return err
	}
	_, err = Open(ctx, filepath.Join(dir, "history.db"))
	if err == nil || !strings.Contains(err.Error(), "history.db-wal holds what is to be written to it first") {
		return fmt.Errorf("the log is not named: %w", err)
	}
	return requireError(err, ErrReadOnly)
}

func makeReadOnly(dir string) error {
	return syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
}

func oneScan(ctx context.Context, s *Store) (int64, error) {
	r, err := s.Begin(ctx, Header{Site: shop, Started: day})
	if err != nil {
		return 0, err
	}
	return r.ID(), r.End(ctx, &crawler.Scan{Site: shop, Started: day, Pages: newWeb(1).night(0, 0, 3).Pages})
}

func onlyReadable(ctx context.Context, dir string, id int64) error {
	if err := makeReadOnly(dir); err != nil {
		return err
	}
	s, err := Open(ctx, filepath.Join(dir, "history.db"))
	if err != nil {
		return err
	}
	defer s.Close()
	if err := requirePages(ctx, s, id, 3); err != nil {
		return err
	}
	_, began := s.Begin(ctx, Header{Site: shop})
	_, locked := s.Lock(ctx, shop)
	_, opened := Open(ctx, filepath.Join(dir, "other.db"))
	for _, err := range []error{began, locked, opened} {
		if err := requireError(err, ErrReadOnly); err != nil {
			return err
		}
	}
	return nil
}
