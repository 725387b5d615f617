package forms_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"guichet/forms"
	"guichet/forms/sqlite"
	"guichet/schemas"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// desk is a service over a real store, with a clock of its own.
type desk struct {
	*forms.Service
	*clock
	t     *testing.T
	store forms.Store
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "guichet.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return another(t, store, &clock{now: time.Date(2019, 11, 1, 9, 0, 0, 0, time.UTC)})
}

// another gives a service of another process over the same store.
func another(t *testing.T, store forms.Store, c *clock) *desk {
	t.Helper()
	service, err := forms.NewService(t.Context(), store, forms.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{service, c, t, store}
}

const workshops = `{"schema":{"required":["nom"],"properties":{"nom":{"type":"string","title":"Nom"},
	"ateliers":{"type":"array","title":"Ateliers","uniqueItems":true,"items":{"oneOf":[{"const":"geo","title":"Coin géo"},{"const":"ops","title":"Coin ops"}]}}}},
	"registration":{"prefix":"BH","places":5,"choices":{"/ateliers":{"geo":2}}}}`

// open publishes a definition and opens its form.
func (d *desk) open(slug, definition string) {
	d.t.Helper()
	if _, err := d.Publish(d.t.Context(), "f.json", slug, []byte(definition)); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.SetState(d.t.Context(), slug, forms.Open); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) submit(entry forms.Entry) (forms.Receipt, error) {
	if entry.Form == "" {
		entry.Form = "f"
	}
	if entry.Language == "" {
		entry.Language = "fr"
	}
	return d.Submit(context.Background(), entry)
}

func (d *desk) mustSubmit(entry forms.Entry) forms.Receipt {
	d.t.Helper()
	receipt, err := d.submit(entry)
	if err != nil {
		d.t.Fatal(err)
	}
	return receipt
}

func (d *desk) count() int {
	d.t.Helper()
	n := 0
	for _, err := range d.Submissions(d.t.Context(), forms.Query{Form: "f"}) {
		if err != nil {
			d.t.Fatal(err)
		}
		n++
	}
	return n
}

func named(name string, workshops ...any) schemas.Answers {
	answers := schemas.Answers{"nom": name}
	if workshops != nil {
		answers["ateliers"] = workshops
	}
	return answers
}

func wantCode(t *testing.T, err error, code forms.Code) *forms.Error {
	t.Helper()
	var known *forms.Error
	if !errors.As(err, &known) || known.Code != code {
		t.Fatalf("error = %v, want %s", err, code)
	}
	return known
}
