package history

import (
	"errors"
	"io/fs"
	"syscall"
)

// fault is trouble that a user can do something about. Its Hint says what.
type fault struct{ text, hint string }

// Error implements error.
func (f *fault) Error() string { return f.text }

// Hint says what to do, as one sentence without a full stop.
func (f *fault) Hint() string { return f.hint }

// The errors that a Store is known to meet. Those of its methods wrap them, together with the database's own words.
var (
	ErrNewer error = &fault{
		"the store was written by a newer trackscan",
		"install that version, or name another store with --store",
	}
	ErrForeign error = &fault{
		"the database holds the tables of another program",
		"name another file or database with --store; trackscan changed nothing in this one",
	}
	ErrCorrupt error = &fault{
		"the store is damaged",
		"move the file away and scan again, or save what is readable with: sqlite3 FILE .recover",
	}
	ErrLocked error = &fault{
		"the store is locked by another program",
		"wait until that program is done, or close it",
	}
	ErrReadOnly error = &fault{
		"the store cannot be written",
		"check who owns the file and its folder and how the disk is mounted, or name another store with --store",
	}
	ErrFull error = &fault{
		"the disk is full",
		"make room, then go on with --resume",
	}
	ErrUnreachable error = &fault{
		"the database server does not answer",
		"check that PostgreSQL runs and that host, user, password and database in --store are right",
	}
	ErrScanning error = &fault{
		"the site is being scanned by another process",
		"wait until that scan has ended",
	}
	ErrUnknown error = &fault{
		"no such scan is in the store",
		"list the scans that are there with: trackscan report SITE --list",
	}
)

// systemFault names the trouble behind an error of the operating system, nil when none is known.
func systemFault(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return ErrFull
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return ErrReadOnly
	}
	return nil
}
