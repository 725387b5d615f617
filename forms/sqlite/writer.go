package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

const (
	batchSize = 256                    // writes that share a transaction, and so one sync of the disk
	shift     = 100 * time.Millisecond // of continuous writing, after which
	breather  = time.Millisecond       // other processes get their turn
)

// errLost says that a transaction ended without a commit that is known of.
var errLost = errors.New("sqlite: the transaction was lost")

// writer runs all writes in one goroutine: those that wait together are committed together, so that sixty-four
// participants who press the button at once wait for one sync of the disk, not for sixty-four.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	queue chan *write
	done  chan struct{}

	mu     sync.RWMutex // guards closed: nothing may be queued once the queue is closed
	closed bool

	statements map[string]*sql.Stmt // used by the goroutine only
}

// write is one unit that succeeds or fails by itself.
type write struct {
	run    func(*transaction) error
	result error
	ready  chan struct{} // closed once result is final: after the commit
}

// transaction is what a write runs in. It has its own context: a caller that goes away must not undo its neighbours.
type transaction struct {
	*writer
	ctx       context.Context
	revisions map[string]int64          // of the forms that this transaction has looked at
	counters  map[string]map[string]int // of these forms: read once, written once
}

func newWriter(ctx context.Context, source string) (*writer, error) {
	db, err := sql.Open("sqlite", source)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err == nil {
		err = migrate(ctx, conn)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	w := &writer{db: db, conn: conn, queue: make(chan *write, 4*batchSize), done: make(chan struct{}), statements: map[string]*sql.Stmt{}}
	go w.loop()
	return w, nil
}

// do queues a write and waits until it is durable. When ctx ends first its error comes back, and the write may still happen.
func (w *writer) do(ctx context.Context, run func(*transaction) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	job := &write{run: run, ready: make(chan struct{})}
	if err := w.enqueue(ctx, job); err != nil {
		return translate(err)
	}
	select {
	case <-job.ready:
		return translate(job.result)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) enqueue(ctx context.Context, job *write) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.queue <- job:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.done
}

func (w *writer) loop() {
	defer close(w.done)
	defer w.db.Close()
	began := time.Now()
	batch := make([]*write, 0, batchSize)
	for first := range w.queue {
		batch = append(batch[:0], first)
		batch = w.gather(batch)
		w.commit(batch)
		switch {
		case len(w.queue) == 0:
			began = time.Now()
		case time.Since(began) > shift:
			time.Sleep(breather)
			began = time.Now()
		}
	}
}

// gather adds what waits already. Before it stops it lets whoever can run go first: on a busy machine they are about to queue, and
// each sync of the disk that they share is saved. On an idle one it costs nothing.
func (w *writer) gather(batch []*write) []*write {
	for yielded := false; len(batch) < batchSize; {
		select {
		case next, open := <-w.queue:
			if !open {
				return batch
			}
			batch = append(batch, next)
			yielded = false
		default:
			if yielded {
				return batch
			}
			runtime.Gosched()
			yielded = true
		}
	}
	return batch
}

// commit runs a batch in one transaction and tells each write how it ended.
func (w *writer) commit(batch []*write) {
	ctx := context.Background()
	err := w.exec(ctx, "BEGIN IMMEDIATE")
	if err == nil {
		tx := &transaction{writer: w, ctx: ctx, revisions: map[string]int64{}, counters: map[string]map[string]int{}}
		for _, job := range batch {
			job.result = guard(job.run, tx)
			if errors.Is(job.result, errLost) || job.result != nil && w.lost(ctx) {
				err = errors.Join(errLost, job.result)
				break
			}
		}
		if err == nil {
			err = tx.writeCounters()
		}
		if err == nil {
			err = w.exec(ctx, "COMMIT")
		}
		if err != nil {
			_ = w.exec(ctx, "ROLLBACK") // fails where the transaction is gone already
		}
	}
	for _, job := range batch {
		if err != nil {
			job.result = err
		}
		close(job.ready)
	}
}

// guard runs a write and turns a panic into its error, so that the writer goes on. What the write did so far is unknown: the
// whole transaction counts as lost.
func guard(run func(*transaction) error, tx *transaction) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.Join(errLost, fmt.Errorf("panic in a write: %v", p))
		}
	}()
	return run(tx)
}

// lost says, after an error, whether SQLite has ended the transaction by itself, as it may on a full disk: only then can
// another one begin.
func (w *writer) lost(ctx context.Context) bool {
	if w.exec(ctx, "BEGIN") != nil {
		return false
	}
	return w.exec(ctx, "ROLLBACK") == nil
}

func (w *writer) exec(ctx context.Context, query string, args ...any) error {
	_, err := w.run(ctx, query, args...)
	return err
}

// run executes a statement that it prepares once, and gives the number of rows it changed.
func (w *writer) run(ctx context.Context, query string, args ...any) (int64, error) {
	statement, err := w.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (w *writer) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if statement := w.statements[query]; statement != nil {
		return statement, nil
	}
	statement, err := w.conn.PrepareContext(ctx, query)
	if err == nil {
		w.statements[query] = statement
	}
	return statement, err
}

// whole runs several statements as one: all of them, or none where one fails.
func (tx *transaction) whole(run func() error) error {
	if err := tx.exec(tx.ctx, "SAVEPOINT whole"); err != nil {
		return err
	}
	err := run()
	if err != nil {
		if undo := tx.exec(tx.ctx, "ROLLBACK TO whole"); undo != nil {
			return errors.Join(err, undo)
		}
	}
	if release := tx.exec(tx.ctx, "RELEASE whole"); release != nil {
		return errors.Join(err, release)
	}
	return err
}
