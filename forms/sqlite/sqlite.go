// Package sqlite keeps forms in one SQLite file: the default while nobody has a database server.
package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"guichet/forms"

	_ "modernc.org/sqlite" // the driver, written in Go: no C compiler is needed to build
)

// Store is a forms.Store in one file. Its writes go through one goroutine, its reads through a pool.
type Store struct {
	reads  *sql.DB
	writes *writer
}

var _ forms.Store = (*Store)(nil)

// Open opens the store in the file at path, making its folder and the file where they are missing. Errors are one line
// that says what to do. The file has to be on a local file system: WAL needs shared memory.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the folder %s: %w; choose a folder you may write to with --store sqlite:PATH", filepath.Dir(path), err)
	}
	// Made here, so that the answers are not readable by others whatever the umask.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot write to %s: %w; choose a file you may write to with --store sqlite:PATH", path, err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	writes, err := newWriter(ctx, source(path, writePragmas))
	if err != nil {
		return nil, fmt.Errorf("cannot open %s: %w", path, err)
	}
	reads, err := sql.Open("sqlite", source(path, readPragmas))
	if err != nil {
		writes.close()
		return nil, fmt.Errorf("cannot open %s: %w", path, err)
	}
	// No limit on connections: whoever reads inside an iterator must not wait for himself.
	reads.SetMaxIdleConns(8)
	return &Store{reads: reads, writes: writes}, nil
}

var (
	writePragmas = []string{
		"busy_timeout(10000)",      // first: other processes may hold the write lock while this one opens
		"journal_mode(wal)",        // readers and the writer do not wait for each other
		"synchronous(full)",        // a commit is on the disk before the answer is acknowledged
		"wal_autocheckpoint(4000)", // pages: 16 MB of log before it is folded in, so that bursts are not held up often
		"foreign_keys(on)",
	}
	readPragmas = []string{
		"busy_timeout(10000)",
		"query_only(on)", // a write that does not go through the writer is a defect
	}
)

func source(path string, pragmas []string) string {
	query := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
}

// Ping says whether the file can be read and written now.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.reads.PingContext(ctx); err != nil {
		return translate(err)
	}
	return s.writes.do(ctx, func(*transaction) error { return nil })
}

// Close commits what is waiting and releases the file.
func (s *Store) Close() error {
	s.writes.close()
	return s.reads.Close()
}

func millis(t time.Time) int64 { return t.UnixMilli() }

func instant(millis int64) time.Time { return time.UnixMilli(millis).UTC() }
