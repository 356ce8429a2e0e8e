package history

import "context"

// Lock is the right to scan a site, held against other processes and against this one.
type Lock struct {
	store   *Store
	site    string
	release func() error
}

// Lock takes the right to scan site, or returns ErrScanning at once when someone has it. It is held until Release;
// the system takes it back from a process that dies, however it dies.
func (s *Store) Lock(ctx context.Context, site string) (*Lock, error) {
	release, err := s.backend.lock(ctx, s.db, "site "+site, false)
	if err != nil {
		return nil, s.wrap("lock "+site+" in", err)
	}
	return &Lock{store: s, site: site, release: release}, nil
}

// Release gives the right back.
func (l *Lock) Release() error { return l.store.wrap("unlock "+l.site+" in", l.release()) }
