package forms_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"guichet/forms"
	"guichet/schemas"
)

// gated is a real store whose reads of a form can be held up and counted.
type gated struct {
	forms.Store
	gate  atomic.Pointer[chan struct{}] // reads wait for it to be closed; nil: they do not wait
	held  chan struct{}                 // a read has begun to wait
	reads atomic.Int32

	versions atomic.Int32 // reads of versions
}

func (g *gated) Version(ctx context.Context, slug string, number int) (forms.Version, error) {
	g.versions.Add(1)
	return g.Store.Version(ctx, slug, number)
}

func (g *gated) Form(ctx context.Context, slug string) (forms.Form, error) {
	form, err := g.Store.Form(ctx, slug)
	g.reads.Add(1)
	if gate := g.gate.Load(); gate != nil {
		g.held <- struct{}{}
		select {
		case <-*gate:
		case <-ctx.Done():
			return forms.Form{}, ctx.Err()
		}
	}
	return form, err
}

// hold makes reads wait until open is called.
func (g *gated) hold() (open func()) {
	gate := make(chan struct{})
	g.held = make(chan struct{}, 100)
	g.gate.Store(&gate)
	g.reads.Store(0)
	return func() { g.gate.Store(nil); close(gate) }
}

func newGatedDesk(t *testing.T) (*desk, *gated) {
	t.Helper()
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"places":5,`, "", 1))
	store := &gated{Store: d.store}
	return another(t, store, d.clock), store
}

func TestManyWhoLookAtOnceShareOneLook(t *testing.T) {
	d, store := newGatedDesk(t)
	synctest.Test(t, func(t *testing.T) {
		open := store.hold()
		var found sync.Map
		for range 50 {
			go func() {
				view, err := d.View(t.Context(), "f")
				if err != nil {
					t.Error(err)
				}
				found.Store(view, true)
			}()
		}
		synctest.Wait()
		open()
		synctest.Wait()
		views := 0
		found.Range(func(any, any) bool { views++; return true })
		if reads := store.reads.Load(); reads != 1 || views != 1 {
			t.Errorf("%d reads, %d views; want one for all", reads, views)
		}
	})
}

func TestWhoGivesUpLeavesTheLookToOthers(t *testing.T) {
	d, store := newGatedDesk(t)
	synctest.Test(t, func(t *testing.T) {
		open := store.hold()
		impatient, giveUp := context.WithCancel(t.Context())
		go func() {
			if _, err := d.View(impatient, "f"); !errors.Is(err, context.Canceled) {
				t.Errorf("who gave up: error = %v", err)
			}
		}()
		synctest.Wait()
		leaving, leave := context.WithCancel(t.Context())
		go func() {
			if _, err := d.View(leaving, "f"); !errors.Is(err, context.Canceled) {
				t.Errorf("who left while another looked: error = %v", err)
			}
		}()
		go func() {
			if _, err := d.View(t.Context(), "f"); err != nil {
				t.Errorf("who stayed: error = %v", err)
			}
		}()
		synctest.Wait()
		leave()
		synctest.Wait()
		giveUp()
		synctest.Wait()
		open()
		synctest.Wait()
	})
}

// TestOwnWritesShowAtOnce closes a form while a look at the open one is still under way.
func TestOwnWritesShowAtOnce(t *testing.T) {
	d, store := newGatedDesk(t)
	open := store.hold()
	var looking sync.WaitGroup
	looking.Go(func() { _, _ = d.View(context.Background(), "f") })
	<-store.held
	store.gate.Store(nil) // the writer reads the form too
	if _, err := d.SetState(t.Context(), "f", forms.Closed); err != nil {
		t.Fatal(err)
	}
	open()
	looking.Wait()
	if view, err := d.View(t.Context(), "f"); err != nil || view.Availability != forms.Over {
		t.Errorf("view = %+v, error %v; want it closed", view, err)
	}
}

func TestOwnChangesNeedNoSecond(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	receipt := d.mustSubmit(forms.Entry{Answers: named("a", "geo")})
	d.add(time.Second)
	for _, change := range []struct {
		name          string
		make          func() error
		version, left int
	}{
		{"nothing", func() error { return nil }, 1, 1},
		{"a publishing", func() error { _, err := d.Publish(t.Context(), "f.json", "f", []byte(workshops+" ")); return err }, 2, 1},
		{"a cancelling", func() error { _, err := d.Cancel(t.Context(), "f", receipt.Submission.ID); return err }, 2, 2},
	} {
		if err := change.make(); err != nil {
			t.Fatal(err)
		}
		view, err := d.View(t.Context(), "f")
		if err != nil || view.Form.Version != change.version || view.Left["/ateliers=geo"] != change.left {
			t.Errorf("after %s: version %d, %v left, error %v; want %d and %d", change.name, view.Form.Version, view.Left, err, change.version, change.left)
		}
	}
}

// TestAVersionIsReadOnce submits for an hour: versions never change, so that none is read and parsed again.
func TestAVersionIsReadOnce(t *testing.T) {
	d, store := newGatedDesk(t)
	for n := range 60 {
		d.mustSubmit(forms.Entry{Answers: schemas.Answers{"nom": fmt.Sprint(n), "ateliers": []any{}}})
		if _, err := d.Definition(t.Context(), "f", 1); err != nil {
			t.Fatal(err)
		}
		d.add(time.Minute)
	}
	if reads := store.versions.Load(); reads != 1 {
		t.Errorf("version 1 was read %d times", reads)
	}
}

func TestWhatAnotherProcessChangesShowsWithinASecond(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	other := another(t, d.store, d.clock)
	before, err := d.View(t.Context(), "f")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Publish(t.Context(), "f.json", "f", []byte(workshops+" ")); err != nil {
		t.Fatal(err)
	}
	other.mustSubmit(forms.Entry{Answers: named("a", "geo")})
	d.add(time.Second)
	after, err := d.View(t.Context(), "f")
	if err != nil || after.Form.Version != 2 || after.Left[""] != 4 || after.Left["/ateliers=geo"] != 1 || after.Stamp == before.Stamp {
		t.Errorf("view = %+v, error %v; want version 2 with a place less", after, err)
	}
	if len(after.Left) != 2 {
		t.Errorf("left = %v; what is not limited must not be there", after.Left)
	}
	d.add(time.Minute)
	if same, err := d.View(t.Context(), "f"); err != nil || same.Stamp != after.Stamp {
		t.Errorf("stamp %q, error %v; want %q as nothing changed", same.Stamp, err, after.Stamp)
	}
}

// TestAnOutageIsNotAnAbsence asks a store that is gone for everything.
func TestAnOutageIsNotAnAbsence(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	receipt := d.mustSubmit(forms.Entry{Answers: named("a")})
	d.add(time.Second)
	if err := d.store.Close(); err != nil {
		t.Fatal(err)
	}
	for what, ask := range map[string]func() error{
		"View":      func() error { _, err := d.View(t.Context(), "f"); return err },
		"Submit":    func() error { _, err := d.submit(forms.Entry{Answers: named("b")}); return err },
		"Receipt":   func() error { _, err := d.Receipt(t.Context(), "f", receipt.Token); return err },
		"Publish":   func() error { _, err := d.Publish(t.Context(), "f.json", "f", []byte(workshops)); return err },
		"SetState":  func() error { _, err := d.SetState(t.Context(), "f", forms.Closed); return err },
		"Cancel":    func() error { _, err := d.Cancel(t.Context(), "f", receipt.Submission.ID); return err },
		"Authorize": func() error { _, err := d.Authorize(t.Context(), "gt_x", "f", forms.Read); return err },
		"CreateToken": func() error {
			_, err := d.CreateToken(t.Context(), forms.Token{Form: "f", Scope: forms.Read})
			return err
		},
		"a new Service": func() error { _, err := forms.NewService(t.Context(), d.store, forms.Options{}); return err },
	} {
		if err := ask(); forms.CodeOf(err) != forms.Unavailable {
			t.Errorf("%s: error = %v, want unavailable", what, err)
		}
	}
}
