package forms_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichet/forms"
	"guichet/schemas"
)

func TestPlaces(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	first := d.mustSubmit(forms.Entry{Answers: named("1", "geo")})
	d.mustSubmit(forms.Entry{Answers: named("2", "geo", "ops")})
	_, err := d.submit(forms.Entry{Answers: named("3", "geo")})
	full := wantCode(t, err, forms.Full)
	if len(full.Fields) != 1 || full.Fields[0].Pointer != "/ateliers" || full.Fields[0].Code != "full" || full.Fields[0].Message != "«\u00a0Coin géo\u00a0» n’a plus de place. Choisissez une autre réponse." {
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

// TestAFullFormOffersNoOtherChoice is full, and so is the choice that was made.
func TestAFullFormOffersNoOtherChoice(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"places":5`, `"places":2`, 1))
	d.mustSubmit(forms.Entry{Answers: named("1", "geo")})
	d.mustSubmit(forms.Entry{Answers: named("2", "geo")})
	_, err := d.submit(forms.Entry{Answers: named("3", "geo")})
	if full := wantCode(t, err, forms.Full); len(full.Fields) != 0 || full.Message.FR != "Il n’y a plus de place." {
		t.Errorf("error = %+v; want no choice blamed", full)
	}
}

// TestARefusalShowsInTheNextView: who is told that a workshop is full must not see a place in it on the page that comes back.
func TestARefusalShowsInTheNextView(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	for n := range 2 {
		d.mustSubmit(forms.Entry{Answers: named(fmt.Sprint(n), "geo")})
	}
	_, err := d.submit(forms.Entry{Answers: named("3", "geo")})
	wantCode(t, err, forms.Full)
	if view, err := d.View(t.Context(), "f"); err != nil || view.Left["/ateliers=geo"] != 0 {
		t.Errorf("view = %+v, error %v; want no place left", view, err)
	}
}

// TestWhatTakesPlaces leaves out what a group repeats and finds choices inside objects.
func TestWhatTakesPlaces(t *testing.T) {
	d := newDesk(t)
	d.open("f", `{"schema":{"properties":{
		"jour":{"type":"object","properties":{"midi":{"type":"string","enum":["oui","a=b"]}}},
		"age":{"type":"integer","enum":[1,2]},
		"*":{"type":"string","enum":["x"]},
		"talks":{"type":"array","items":{"type":"object","properties":{"level":{"type":"string","enum":["x","y"]}}}}}}}`)
	got := d.mustSubmit(forms.Entry{Answers: schemas.Answers{"jour": map[string]any{"midi": "a=b"}, "age": int64(2), "*": "x", "talks": []any{map[string]any{"level": "x"}}}})
	want := []string{"", forms.PlaceName("/jour/midi", "a=b"), forms.PlaceName("/age", "2"), forms.PlaceName("/*", "x")}
	if diff := cmp.Diff(want, got.Submission.Places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
}

func TestPlaceNames(t *testing.T) {
	for _, place := range [][2]string{{"/a", "x"}, {"/a=b", "c"}, {"/a", "b=c"}, {"/~1~0", "="}, {"/", ""}} {
		if pointer, choice := forms.ParsePlace(forms.PlaceName(place[0], place[1])); pointer != place[0] || choice != place[1] {
			t.Errorf("%q came back as %q and %q", place, pointer, choice)
		}
	}
	if forms.PlaceName("/a=b", "c") == forms.PlaceName("/a", "b=c") {
		t.Error("two choices have one name")
	}
}

// TestAnOldPageTakesTodaysPlaces sends the answers of a version that had no limits.
func TestAnOldPageTakesTodaysPlaces(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"choices":{"/ateliers":{"geo":2}}`, `"choices":{}`, 1))
	d.open("f", workshops)
	d.mustSubmit(forms.Entry{Version: 1, Answers: named("1", "geo")})
	d.mustSubmit(forms.Entry{Version: 1, Answers: named("2", "geo")})
	_, err := d.submit(forms.Entry{Version: 1, Answers: named("3", "geo")})
	if full := wantCode(t, err, forms.Full); len(full.Fields) != 1 {
		t.Errorf("fields = %+v, want the choice named", full.Fields)
	}
}

// TestANewLimitBindsAtOnce publishes it in one process while another still has the old definition in mind.
func TestANewLimitBindsAtOnce(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"places":5`, `"places":9`, 1))
	other := another(t, d.store, d.clock)
	d.mustSubmit(forms.Entry{Answers: named("1")})
	if _, err := other.Publish(t.Context(), "f.json", "f", []byte(strings.Replace(workshops, `"places":5`, `"places":1`, 1))); err != nil {
		t.Fatal(err)
	}
	_, err := d.submit(forms.Entry{Answers: named("2")})
	wantCode(t, err, forms.Full)
}
