package history

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackscan/crawler"
)

// roleVariable makes the test binary play a process of its own: "write" or one of the roles of a platform.
const roleVariable = "TRACKSCAN_HISTORY_ROLE"

// roles are what the test binary can be besides tests; each gets the arguments after the program's name.
var roles = map[string]func(args []string) error{"write": writer}

// writer scans a site: it opens the store, takes the lock, and adds pages from four goroutines, telling on standard
// output of each one that Add has returned. When all are there it waits for its standard input to end, and ends the
// scan.
func writer(args []string) error {
	ctx := context.Background()
	s, err := Open(ctx, args[0])
	if err != nil {
		return err
	}
	defer s.Close()
	site := args[1]
	pages, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	lock, err := s.Lock(ctx, site)
	if err != nil {
		return err
	}
	defer lock.Release()
	r, err := s.Begin(ctx, Header{Site: site, Started: day, Options: "o", Salt: []byte("salt")})
	if err != nil {
		return err
	}
	scan := &crawler.Scan{Site: site, Started: day, Ended: day}
	w := newWeb(7)
	for i := range pages {
		scan.Pages = append(scan.Pages, w.page(site, 1, 1, i))
	}
	if err := addAll(ctx, r, scan.Pages); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return r.End(ctx, scan)
}

func addAll(ctx context.Context, r *Recorder, pages []crawler.Page) error {
	todo := make(chan crawler.Page)
	failed := make(chan error, 4)
	var told sync.Mutex
	for range cap(failed) {
		go func() {
			for page := range todo {
				if err := r.Add(ctx, page); err != nil {
					failed <- err
					return
				}
				told.Lock()
				fmt.Println(page.URL)
				told.Unlock()
			}
			failed <- nil
		}()
	}
	for _, page := range pages {
		todo <- page
	}
	close(todo)
	for range cap(failed) {
		if err := <-failed; err != nil {
			return err
		}
	}
	return nil
}

// process is a writer that runs.
type process struct {
	cmd *exec.Cmd
	in  io.Closer
	out *bufio.Scanner
}

func startProcess(t *testing.T, args ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), roleVariable+"=write")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &process{cmd, in, bufio.NewScanner(out)}
}

// pages reads the addresses of the next n pages that were added, or of all until the process ends.
func (p *process) pages(n int) (list []string) {
	for len(list) != n && p.out.Scan() {
		list = append(list, p.out.Text())
	}
	return list
}

const all = -1

// kill ends the process as kill -9 does, and returns the pages that it had told of.
func (p *process) kill(t *testing.T) []string {
	t.Helper()
	require.NoError(t, p.cmd.Process.Kill())
	rest := p.pages(all)
	_ = p.cmd.Wait() // it may just have ended by itself
	return rest
}

func TestKilledProcessLosesNoPageThatWasAdded(t *testing.T) {
	for _, kind := range storeKinds {
		t.Run(kind.name, func(t *testing.T) {
			dsn := kind.dsn(t)
			rnd := rand.New(rand.NewPCG(1, 2))
			for round := range 8 {
				site := fmt.Sprintf("https://site%d.test/", round)
				p := startProcess(t, dsn, site, "40")
				told := p.pages(rnd.IntN(30))
				told = append(told, p.kill(t)...)
				requireResumable(t, dsn, site, told)
			}
		})
	}
}

func TestProcessKilledWhileItEndsAScan(t *testing.T) {
	for _, kind := range storeKinds {
		t.Run(kind.name, func(t *testing.T) {
			dsn := kind.dsn(t)
			s := openStore(t, dsn)
			for round := range 8 {
				site := fmt.Sprintf("https://site%d.test/", round)
				p := startProcess(t, dsn, site, "20")
				require.Len(t, p.pages(20), 20)
				require.NoError(t, p.in.Close()) // now it ends the scan
				p.kill(t)
				require.NoError(t, waitForLock(t, s, site)())

				entry, err := s.Last(t.Context(), site)
				if err != nil {
					entry, err = s.Unfinished(t.Context(), site)
				}
				require.NoError(t, err)
				got, err := s.Load(t.Context(), entry.ID)
				require.NoError(t, err)
				require.Len(t, got.Pages, 20)
			}
		})
	}
}

// requireResumable opens the store after a process died, finds the pages it told of, and goes on to the end.
func requireResumable(t *testing.T, dsn, site string, told []string) {
	t.Helper()
	s := openStore(t, dsn)
	lock := waitForLock(t, s, site)
	defer func() { require.NoError(t, lock()) }()
	entry, err := s.Unfinished(t.Context(), site)
	if len(told) == 0 && err != nil {
		require.ErrorIs(t, err, ErrUnknown) // it died before it began
		return
	}
	require.NoError(t, err)
	require.Equal(t, []byte("salt"), entry.Salt)
	got, err := s.Load(t.Context(), entry.ID)
	require.NoError(t, err)
	var kept []string
	for _, page := range got.Pages {
		kept = append(kept, page.URL)
		require.Len(t, page.Cookies, 30)
	}
	require.Subset(t, kept, told)
	r, err := s.Resume(t.Context(), entry.ID)
	require.NoError(t, err)
	require.NoError(t, r.End(t.Context(), got))
}

// waitForLock takes a site's lock as soon as the process that had it is gone for the database too.
func waitForLock(t *testing.T, s *Store, site string) func() error {
	t.Helper()
	release, err := s.backend.lock(t.Context(), s.db, "site "+site, true)
	require.NoError(t, err)
	return release
}

func TestTwoProcessesWriteTwoSitesAtOnce(t *testing.T) {
	for _, kind := range storeKinds {
		t.Run(kind.name, func(t *testing.T) {
			dsn := kind.dsn(t) // which they also create at once
			sites := []string{"https://one.test/", "https://two.test/"}
			var both []*process
			for _, site := range sites {
				both = append(both, startProcess(t, dsn, site, "25"))
			}
			for _, p := range both {
				require.Len(t, p.pages(25), 25)
			}
			s := openStore(t, dsn)
			for _, site := range sites {
				_, err := s.Lock(t.Context(), site)
				require.ErrorIs(t, err, ErrScanning, "while the process lives")
			}
			for _, p := range both {
				require.NoError(t, p.in.Close())
				require.Empty(t, p.pages(all))
				require.NoError(t, p.cmd.Wait())
			}
			for _, site := range sites {
				lock, err := s.Lock(t.Context(), site)
				require.NoError(t, err)
				require.NoError(t, lock.Release())
				last, err := s.Last(t.Context(), site)
				require.NoError(t, err)
				require.Equal(t, 25, last.Pages)
			}
		})
	}
}

// Asking twice in one process must not end the lock for the others, as closing a file does on POSIX systems.
func TestLockOutlivesASecondAttempt(t *testing.T) {
	for _, kind := range storeKinds {
		t.Run(kind.name, func(t *testing.T) {
			dsn := kind.dsn(t)
			s := openStore(t, dsn)
			lock, err := s.Lock(t.Context(), shop)
			require.NoError(t, err)
			_, err = openStore(t, dsn).Lock(t.Context(), shop)
			require.ErrorIs(t, err, ErrScanning)

			p := startProcess(t, dsn, shop, "1")
			require.NoError(t, p.in.Close())
			require.Empty(t, p.pages(all))
			require.Error(t, p.cmd.Wait())
			require.NoError(t, lock.Release())
		})
	}
}

func TestManyProcessesCreateOneStore(t *testing.T) {
	for _, kind := range storeKinds {
		t.Run(kind.name, func(t *testing.T) {
			dsn := kind.dsn(t)
			var list []*process
			for i := range 6 {
				list = append(list, startProcess(t, dsn, fmt.Sprintf("https://%d.test/", i), "1"))
			}
			for _, p := range list {
				require.NoError(t, p.in.Close())
				require.Len(t, p.pages(all), 1)
				require.NoError(t, p.cmd.Wait())
			}
		})
	}
}

// playRole reports whether the test binary was started for a role, plays it and returns the exit code.
func playRole() (played bool, code int) {
	role, ok := roles[os.Getenv(roleVariable)]
	if !ok {
		return false, 0
	}
	if err := role(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, strings.TrimSpace(err.Error()))
		return true, 1
	}
	return true, 0
}
