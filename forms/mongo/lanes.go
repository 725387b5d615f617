package mongo

import (
	"context"
	"fmt"
	"sync"

	"guichet/forms"
)

// A batch is at most this large: MongoDB aborts transactions that take long.
const (
	batchCount = 100
	batchBytes = 4 << 20
)

// intake is one submission on its way into the store.
type intake struct {
	submission forms.Submission
	document   submissionDocument
	revision   int64
	claims     []forms.Claim
	size       int

	stored forms.Submission
	kept   bool
	err    error
	ready  chan struct{} // closed once the three above are final
}

func (i *intake) keep() { i.stored, i.kept = i.submission, true }

func (i *intake) fail(err error) { i.err = err }

func (i *intake) repeat(earlier forms.Submission) { i.stored, i.kept = earlier, false }

func failAll(batch []*intake, err error) {
	for _, one := range batch {
		one.fail(err)
	}
}

// lanes gather the submissions of each form that wait while others are being written, and write them together.
type lanes struct {
	width int // batches of one form that may be under way at once
	write func(context.Context, []*intake)

	mu      sync.Mutex
	closed  bool
	forms   map[string]*lane
	working sync.WaitGroup
}

type lane struct {
	waiting []*intake
	running int
}

func newLanes(width int, write func(context.Context, []*intake)) *lanes {
	return &lanes{width: width, write: write, forms: map[string]*lane{}}
}

// add queues a submission.
func (l *lanes) add(ctx context.Context, one *intake) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	slug := one.submission.Form
	at := l.forms[slug]
	if at == nil {
		at = &lane{}
		l.forms[slug] = at
	}
	at.waiting = append(at.waiting, one)
	if at.running < l.width {
		at.running++
		l.working.Add(1)
		go l.run(slug, at)
	}
	return nil
}

// run writes batches of a form until nothing waits. Writes have their own context: who gave up must not undo the others.
func (l *lanes) run(slug string, at *lane) {
	defer l.working.Done()
	for {
		l.mu.Lock()
		batch := at.take()
		if len(batch) == 0 {
			at.running--
			if at.running == 0 {
				delete(l.forms, slug)
			}
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), 2*limit)
		l.guard(ctx, batch)
		cancel()
		for _, one := range batch {
			close(one.ready)
		}
	}
}

// guard turns a panic into the error of the batch: its callers wait for an answer.
func (l *lanes) guard(ctx context.Context, batch []*intake) {
	defer func() {
		if p := recover(); p != nil {
			failAll(batch, forms.Unreachable(fmt.Errorf("panic in a write: %v", p)))
		}
	}()
	l.write(ctx, batch)
}

// take gives what waits, up to a batch.
func (a *lane) take() []*intake {
	count, bytes := 0, 0
	for count < len(a.waiting) && count < batchCount && (count == 0 || bytes+a.waiting[count].size <= batchBytes) {
		bytes += a.waiting[count].size
		count++
	}
	batch := a.waiting[:count:count]
	a.waiting = a.waiting[count:]
	return batch
}

// close waits for what is under way; nothing more is taken.
func (l *lanes) close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.working.Wait()
}
