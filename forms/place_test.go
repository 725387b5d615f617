package forms_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichet/forms"
)

func TestPlaces(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	first := d.mustSubmit(forms.Entry{Answers: named("1", "geo")})
	d.mustSubmit(forms.Entry{Answers: named("2", "geo", "ops")})
	_, err := d.submit(forms.Entry{Answers: named("3", "geo")})
	full := wantCode(t, err, forms.Full)
	if len(full.Fields) != 1 || full.Fields[0].Pointer != "/ateliers" || full.Fields[0].Code != "full" || full.Fields[0].Message != "« Coin géo » n’a plus de place. Choisissez une autre réponse." {
		t.Errorf("fields = %+v, want the choice named", full.Fields)
	}
	for n := range 3 {
		d.mustSubmit(forms.Entry{Answers: named(fmt.Sprint(n), "ops")})
	}
	_, err = d.submit(forms.Entry{Answers: named("6")})
	if full := wantCode(t, err, forms.Full); len(full.Fields) != 0 {
		t.Errorf("fields = %+v; the form itself is full", full.Fields)
	}
	d.add(2 * time.Second)
	view, err := d.View(t.Context(), "f")
	if err != nil || view.Availability != forms.NoPlace || view.Left[""] != 0 || view.Left["/ateliers=geo"] != 0 {
		t.Errorf("view = %+v, error %v; want it full", view, err)
	}
	if _, err := d.Cancel(t.Context(), "f", first.Submission.ID); err != nil {
		t.Fatal(err)
	}
	d.mustSubmit(forms.Entry{Answers: named("7", "geo")})
}

func TestLastPlacesInParallel(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"places":5`, `"places":100`, 1))
	other := another(t, d.store, d.clock)
	var wait sync.WaitGroup
	var mu sync.Mutex
	codes := map[forms.Code]int{}
	for i := range 60 {
		service := []*desk{d, other}[i%2]
		wait.Go(func() {
			_, err := service.submit(forms.Entry{Answers: named(fmt.Sprint(i), "geo")})
			mu.Lock()
			defer mu.Unlock()
			codes[forms.CodeOf(err)]++
		})
	}
	wait.Wait()
	if diff := cmp.Diff(map[forms.Code]int{"": 2, forms.Full: 58}, codes); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// TestNewLimitsCountWhatIsThere limits a choice after it was chosen.
func TestNewLimitsCountWhatIsThere(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"choices":{"/ateliers":{"geo":2}}`, `"choices":{}`, 1))
	d.mustSubmit(forms.Entry{Answers: named("1", "geo")})
	d.mustSubmit(forms.Entry{Answers: named("2", "geo")})
	d.open("f", workshops)
	_, err := d.submit(forms.Entry{Answers: named("3", "geo")})
	wantCode(t, err, forms.Full)
	d.mustSubmit(forms.Entry{Answers: named("4", "ops")})
}
