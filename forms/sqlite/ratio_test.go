package sqlite

import (
	"context"
	"database/sql"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"guichet/bench"
	"guichet/forms"
)

const (
	writers = 64
	lasting = 1500 * time.Millisecond
)

// BenchmarkRatios compares the store with the same statements without a store around them.
func BenchmarkRatios(b *testing.B) {
	ours := func() float64 {
		store := fresh(b)
		defer store.Close()
		return bench.Rate(writers, lasting, func() error {
			_, _, err := store.CreateSubmission(b.Context(), bench.Registration(), 1, nil)
			return err
		})
	}
	bench.Row{Name: "SQLite, 64 writers, of raw group commit", Unit: "/s", Ours: ours, Bound: func() float64 { return raw(b, groupCommit) }, AtLeast: 0.8}.Print()
	bench.Row{Name: "SQLite, 64 writers, of one transaction each", Unit: "/s", Ours: ours, Bound: func() float64 { return raw(b, oneEach) }, AtLeast: 4}.Print()
}

func fresh(b *testing.B) *Store {
	store, err := Open(b.Context(), filepath.Join(b.TempDir(), "guichet.db"))
	if err != nil {
		b.Fatal(err)
	}
	form := forms.Form{Slug: "f", State: forms.Open, Version: 1, Revision: 1}
	if err := store.Publish(b.Context(), form, forms.Version{Form: "f", Number: 1, Bytes: []byte("{}")}, nil); err != nil {
		b.Fatal(err)
	}
	return store
}

// raw runs the store's statements on the store's tables.
func raw(b *testing.B, way func(b *testing.B, conn *sql.Conn, insert *sql.Stmt) float64) float64 {
	store := fresh(b)
	defer store.Close()
	conn := store.writes.conn
	insert, err := conn.PrepareContext(b.Context(), "INSERT INTO submissions ("+submissionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
	if err != nil {
		b.Fatal(err)
	}
	return way(b, conn, insert)
}

func execute(insert *sql.Stmt, s forms.Submission) error {
	_, err := insert.ExecContext(context.Background(), s.ID, s.Form, s.Version, s.Reference, s.Status, s.Language, s.Created.UnixMilli(), s.Updated.UnixMilli(), s.Generation, s.Key, s.Digest, `["","/ateliers=geo"]`, string(s.Answers))
	return err
}

// groupCommit commits what waits together: select of the revision, inserts, commit.
func groupCommit(b *testing.B, conn *sql.Conn, insert *sql.Stmt) float64 {
	type job struct {
		submission forms.Submission
		done       chan error
	}
	queue := make(chan job, 4*writers)
	revision, err := conn.PrepareContext(b.Context(), "SELECT revision FROM forms WHERE slug = ?")
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		for first := range queue {
			batch := []job{first}
			for len(batch) < batchSize && len(queue) > 0 {
				batch = append(batch, <-queue)
			}
			ctx := context.Background()
			_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
			var current int64
			if err == nil {
				err = revision.QueryRowContext(ctx, "f").Scan(&current)
			}
			for _, one := range batch {
				if err == nil {
					err = execute(insert, one.submission)
				}
			}
			if err == nil {
				_, err = conn.ExecContext(ctx, "COMMIT")
			}
			for _, one := range batch {
				one.done <- err
			}
		}
	}()
	defer close(queue)
	return bench.Rate(writers, lasting, func() error {
		one := job{bench.Registration(), make(chan error, 1)}
		queue <- one
		return <-one.done
	})
}

// oneEach commits every submission by itself.
func oneEach(_ *testing.B, conn *sql.Conn, insert *sql.Stmt) float64 {
	var mu sync.Mutex
	return bench.Rate(writers, lasting, func() error {
		submission := bench.Registration()
		mu.Lock()
		defer mu.Unlock()
		if _, err := conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
			return err
		}
		if err := execute(insert, submission); err != nil {
			return err
		}
		_, err := conn.ExecContext(context.Background(), "COMMIT")
		return err
	})
}
