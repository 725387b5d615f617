package forms_test

import (
	"strings"
	"testing"
	"time"

	"guichet/forms"
	"guichet/schemas"
)

func TestOpeningAndClosing(t *testing.T) {
	d := newDesk(t)
	d.open("f", `{"schema":{"properties":{"nom":{"type":"string"}}},"registration":{"opens":"2019-11-02T10:00:00+01:00","closes":"2019-11-03T10:00:00+01:00"}}`)
	try := func(code forms.Code, availability forms.Availability, says string) {
		t.Helper()
		_, err := d.submit(forms.Entry{Answers: named("a")})
		if forms.CodeOf(err) != code || err != nil && !strings.Contains(wantCode(t, err, code).Message.FR, says) {
			t.Errorf("at %v: error = %v, want %q saying %q", d.Now(), err, code, says)
		}
		if view, err := d.View(t.Context(), "f"); err != nil || view.Availability != availability {
			t.Errorf("at %v: view %+v, error %v; want %s", d.Now(), view, err, availability)
		}
	}
	try(forms.NotOpen, forms.NotYet, "le samedi 2 novembre 2019 à 10\u00a0h")
	d.add(24 * time.Hour)
	try("", forms.Taking, "")
	d.add(24*time.Hour - time.Second)
	try("", forms.Taking, "")
	d.add(time.Second)
	try(forms.NotOpen, forms.Over, "depuis le dimanche 3 novembre 2019 à 10\u00a0h")
}

// TestAClosingBindsAtOnce closes a form in one process while another still has the open one in mind.
func TestAClosingBindsAtOnce(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	other := another(t, d.store, d.clock)
	d.mustSubmit(forms.Entry{Answers: named("a")})
	if _, err := other.SetState(t.Context(), "f", forms.Closed); err != nil {
		t.Fatal(err)
	}
	_, err := d.submit(forms.Entry{Answers: named("b")})
	wantCode(t, err, forms.NotOpen)
}

func TestStates(t *testing.T) {
	d := newDesk(t)
	if _, err := d.Publish(t.Context(), "f.json", "f", []byte(workshops)); err != nil {
		t.Fatal(err)
	}
	for state, code := range map[forms.State]forms.Code{forms.Draft: forms.NotFound, forms.Archived: forms.NotFound, forms.Closed: forms.NotOpen, forms.Open: ""} {
		if _, err := d.SetState(t.Context(), "f", state); err != nil {
			t.Fatal(err)
		}
		if _, err := d.submit(forms.Entry{Answers: named("a")}); forms.CodeOf(err) != code {
			t.Errorf("in state %s: error = %v, want %q", state, err, code)
		}
	}
}

// TestDatesBindOnTheSecond looks at a form just before it opens and closes: the view that is still fresh must not outlive the moment.
func TestDatesBindOnTheSecond(t *testing.T) {
	d := newDesk(t)
	d.open("f", `{"schema":{"properties":{"nom":{"type":"string"}}},"registration":{"opens":"2019-11-01T10:00:01+01:00","closes":"2019-11-01T10:00:03+01:00"}}`)
	for _, want := range []struct {
		after        time.Duration
		availability forms.Availability
		code         forms.Code
	}{{900 * time.Millisecond, forms.NotYet, forms.NotOpen}, {100 * time.Millisecond, forms.Taking, ""}, {1900 * time.Millisecond, forms.Taking, ""}, {100 * time.Millisecond, forms.Over, forms.NotOpen}} {
		d.add(want.after)
		if view, err := d.View(t.Context(), "f"); err != nil || view.Availability != want.availability {
			t.Errorf("at %v: %+v, error %v; want %s", d.Now(), view, err, want.availability)
		}
		if _, err := d.submit(forms.Entry{Answers: named("a")}); forms.CodeOf(err) != want.code {
			t.Errorf("at %v: error = %v, want %q", d.Now(), err, want.code)
		}
	}
}

// TestAClosedFormAsksForNoCorrections sends answers that would have to be mended first.
func TestAClosedFormAsksForNoCorrections(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	if _, err := d.SetState(t.Context(), "f", forms.Closed); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", "token"} {
		if _, err := d.submit(forms.Entry{Key: key, Answers: schemas.Answers{}}); forms.CodeOf(err) != forms.NotOpen {
			t.Errorf("with key %q: error = %v, want closed", key, err)
		}
	}
}

func TestAStateThatDoesNotExistIsRefused(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	if _, err := d.SetState(t.Context(), "f", "ajar"); forms.CodeOf(err) != forms.Invalid {
		t.Errorf("error = %v, want invalid", err)
	}
	if _, err := d.SetState(t.Context(), "none", forms.Open); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("no form: error = %v, want not_found", err)
	}
	if form, err := d.Form(t.Context(), "f"); err != nil || form.State != forms.Open {
		t.Errorf("form = %+v, error %v; want it as it was", form, err)
	}
}
