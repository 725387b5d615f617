package storetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"guichet/forms"
)

const geo = "/ateliers=geo"

func (b *bench) taken(t *testing.T, slug string) map[string]int {
	t.Helper()
	taken, err := b.Taken(b.ctx, slug)
	must(t, err)
	return taken
}

// fullNames gives the names that a refusal says are full.
func fullNames(t *testing.T, err error) []string {
	t.Helper()
	var refused *forms.Error
	if !errors.As(err, &refused) || refused.Code != forms.Full {
		t.Fatalf("error = %v, want full", err)
	}
	return refused.Names
}

func testClaims(t *testing.T, b *bench) {
	b.form(t, "f", "", geo)
	b.keep(t, b.next("f"), 1, forms.Claim{Name: "", Limit: 3}, forms.Claim{Name: geo, Limit: 1})
	_, _, err := b.CreateSubmission(b.ctx, b.next("f"), 1, []forms.Claim{{Name: "", Limit: 3}, {Name: geo, Limit: 1}})
	same(t, "full names", []string{geo}, fullNames(t, err))
	same(t, "places after a refusal", map[string]int{"": 1, geo: 1}, b.taken(t, "f"))
	_, _, err = b.CreateSubmission(b.ctx, b.next("f"), 1, []forms.Claim{{Name: "", Limit: 1}, {Name: geo, Limit: 1}})
	same(t, "every full name", []string{"", geo}, fullNames(t, err))
	_, _, err = b.CreateSubmission(b.ctx, b.next("f"), 1, []forms.Claim{{Name: "/ateliers=ops", Limit: 0}})
	same(t, "no place at all", []string{"/ateliers=ops"}, fullNames(t, err))
	same(t, "kept", 1, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
	b.keep(t, b.next("f"), 1, forms.Claim{Name: "", Limit: 3})
	same(t, "places", map[string]int{"": 2, geo: 1}, b.taken(t, "f"))
}

func testRecount(t *testing.T, b *bench) {
	form := b.form(t, "f")
	for i := range 5 {
		submission := b.next("f")
		submission.Places = []string{""}
		if i < 3 {
			submission.Places = append(submission.Places, geo)
		}
		if i == 4 {
			submission.Status = forms.Review
		}
		b.keep(t, submission, 1)
	}
	same(t, "nothing is counted", map[string]int{}, b.taken(t, "f"))
	publish := func(counted ...string) {
		form.Version, form.Revision = form.Version+1, form.Revision+1
		must(t, b.Publish(b.ctx, form, forms.Version{Form: "f", Number: form.Version, Bytes: []byte("{}"), Published: start}, counted))
	}
	publish("", geo, "/ateliers=ops")
	same(t, "counted anew", map[string]int{"": 4, geo: 3, "/ateliers=ops": 0}, b.taken(t, "f"))
	_, _, err := b.CreateSubmission(b.ctx, b.next("f"), form.Revision, []forms.Claim{{Name: geo, Limit: 3}})
	same(t, "full by what was there before", []string{geo}, fullNames(t, err))
	publish("")
	same(t, "only what is limited", map[string]int{"": 4}, b.taken(t, "f"))
}

func testCancel(t *testing.T, b *bench) {
	b.form(t, "f", "", geo)
	submission := b.next("f")
	submission.Places = []string{"", geo, "/tables=1"}
	submission = b.keep(t, submission, 1, forms.Claim{Name: "", Limit: 1}, forms.Claim{Name: geo, Limit: 1})
	at := start.Add(time.Hour + 999*time.Microsecond)
	cancelled, err := b.CancelSubmission(b.ctx, "f", submission.ID, at)
	must(t, err)
	want := submission
	want.Status, want.Updated = forms.Cancelled, start.Add(time.Hour)
	same(t, "the cancelled submission", want, cancelled)
	same(t, "places given back", map[string]int{"": 0, geo: 0}, b.taken(t, "f"))
	again, err := b.CancelSubmission(b.ctx, "f", submission.ID, at.Add(time.Hour))
	must(t, err)
	same(t, "cancelled twice", want, again)
	same(t, "places given back once", map[string]int{"": 0, geo: 0}, b.taken(t, "f"))
	b.keep(t, b.next("f"), 1, forms.Claim{Name: "", Limit: 1})

	aside := b.next("f")
	aside.Status, aside.Places = forms.Review, []string{""}
	aside = b.keep(t, aside, 1)
	_, err = b.CancelSubmission(b.ctx, "f", aside.ID, at)
	must(t, err)
	same(t, "one that took no place gives none back", 1, b.taken(t, "f")[""])
}

func testParallel(t *testing.T, b *bench) {
	b.form(t, "f")
	var wait sync.WaitGroup
	for range 64 {
		wait.Go(func() {
			for range 20 {
				if _, kept, err := b.CreateSubmission(b.ctx, b.next("f"), 1, nil); err != nil || !kept {
					t.Errorf("kept = %v, error = %v", kept, err)
				}
			}
		})
	}
	wait.Wait()
	same(t, "kept", 64*20, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
}

func testLastPlaces(t *testing.T, b *bench) {
	b.form(t, "f", "", geo)
	for range 80 {
		b.keep(t, b.next("f"), 1, forms.Claim{Name: "", Limit: 1000}, forms.Claim{Name: geo, Limit: 100})
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	kept, full := 0, 0
	for range 200 {
		wait.Go(func() {
			_, ok, err := b.CreateSubmission(b.ctx, b.next("f"), 1, []forms.Claim{{Name: "", Limit: 1000}, {Name: geo, Limit: 100}})
			mu.Lock()
			defer mu.Unlock()
			var refused *forms.Error
			switch {
			case ok && err == nil:
				kept++
			case errors.As(err, &refused) && refused.Code == forms.Full && fmt.Sprint(refused.Names) == fmt.Sprint([]string{geo}):
				full++
			default:
				t.Errorf("kept = %v, error = %v", ok, err)
			}
		})
	}
	wait.Wait()
	same(t, "kept and full", []int{20, 180}, []int{kept, full})
	same(t, "places", map[string]int{"": 100, geo: 100}, b.taken(t, "f"))
	same(t, "submissions", 100, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
}

func testParallelKey(t *testing.T, b *bench) {
	b.form(t, "f", "")
	for name, claims := range map[string][]forms.Claim{"without claims": nil, "with claims": {{Name: "", Limit: 1000}}} {
		var wait sync.WaitGroup
		var mu sync.Mutex
		first, kept := map[string]bool{}, 0
		for range 32 {
			wait.Go(func() {
				submission := b.next("f")
				submission.Key = name
				stored, ok, err := b.CreateSubmission(b.ctx, submission, 1, claims)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				first[stored.ID] = true
				if ok {
					kept++
				}
			})
		}
		wait.Wait()
		same(t, name+": kept", 1, kept)
		same(t, name+": submissions told of", 1, len(first))
	}
	same(t, "submissions", 2, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
	same(t, "places", map[string]int{"": 1}, b.taken(t, "f"))
}

func testNeighbours(t *testing.T, b *bench) {
	b.form(t, "f", "", geo)
	b.form(t, "g")
	taken := b.keep(t, b.next("f"), 1, forms.Claim{Name: geo, Limit: 1})
	keyed := b.next("f")
	keyed.Key = "k"
	b.keep(t, keyed, 1)
	var wait sync.WaitGroup
	for i := range 120 {
		wait.Go(func() {
			submission, revision := b.next("f"), int64(1)
			var claims []forms.Claim
			switch i % 6 {
			case 1:
				submission.Reference = taken.Reference
			case 2:
				claims = []forms.Claim{{Name: "", Limit: 1000}, {Name: geo, Limit: 1}}
			case 3:
				revision = 7
			case 4:
				submission.Key = "k"
			case 5:
				claims = []forms.Claim{{Name: "", Limit: 1000}}
			}
			_, kept, err := b.CreateSubmission(b.ctx, submission, revision, claims)
			good := map[int]bool{
				0: kept && err == nil, 1: errors.Is(err, forms.ErrReferenceTaken), 2: forms.CodeOf(err) == forms.Full,
				3: errors.Is(err, forms.ErrStale), 4: !kept && err == nil, 5: kept && err == nil,
			}
			if !good[i%6] {
				t.Errorf("case %d: kept = %v, error = %v", i%6, kept, err)
			}
		})
	}
	wait.Wait()
	same(t, "submissions", 2+20+20, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
	same(t, "places", map[string]int{"": 20, geo: 1}, b.taken(t, "f"))
}

func testParallelPublish(t *testing.T, b *bench) {
	form := b.form(t, "f")
	form.Version, form.Revision = 2, 2
	var wait sync.WaitGroup
	var mu sync.Mutex
	won, stale := 0, 0
	for i := range 8 {
		wait.Go(func() {
			err := b.Publish(b.ctx, form, forms.Version{Form: "f", Number: 2, Bytes: []byte{byte(i)}, Published: start}, []string{""})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case errors.Is(err, forms.ErrStale):
				stale++
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	same(t, "won and stale", []int{1, 7}, []int{won, stale})
}
