package forms_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"guichet/forms"
	"guichet/schemas"
)

func TestSubmissionIsKeptWhole(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	receipt := d.mustSubmit(forms.Entry{Answers: schemas.Answers{"nom": "a", "ateliers": []any{"ops", "geo"}, "z": int64(1)}})
	got := receipt.Submission
	if !regexp.MustCompile(`^BH-[2-9A-HJKMNP-TV-Z]{6}$`).MatchString(got.Reference) {
		t.Errorf("reference = %q", got.Reference)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(got.ID) {
		t.Errorf("id = %q, want a UUID of version 7", got.ID)
	}
	if got.Status != forms.Confirmed || got.Version != 1 || !got.Created.Equal(d.Now()) || string(got.Answers) != `{"nom":"a","ateliers":["ops","geo"]}` {
		t.Errorf("submission = %+v, answers %s", got, got.Answers)
	}
	if diff := cmp.Diff([]string{"", "/ateliers=geo", "/ateliers=ops"}, got.Places); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"/z"}, receipt.Ignored); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
}

func TestInvalidAnswersAreRefusedInTheVisitorsLanguage(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, "{", `{"translations":{"en":{"/schema/properties/nom/title":"Name"}},`, 1))
	_, err := d.submit(forms.Entry{Language: "en", Answers: schemas.Answers{}})
	refused := wantCode(t, err, forms.Invalid)
	want := []schemas.Violation{{Pointer: "/nom", Code: "required", Label: "Name", Message: "Fill in this field."}}
	if diff := cmp.Diff(want, refused.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if d.count() != 0 {
		t.Error("a refused answer was kept")
	}
}

func TestTheSameEntrySentAgain(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	page := d.mustSubmit(forms.Entry{Key: "token", Answers: named("a")})
	again := d.mustSubmit(forms.Entry{Key: "token", Answers: named("a")})
	if !again.Repeated || again.Submission.ID != page.Submission.ID || again.Token != page.Token {
		t.Errorf("again = %+v, want the first receipt", again)
	}
	if other := d.mustSubmit(forms.Entry{Key: "token", Answers: named("b")}); other.Repeated {
		t.Error("another person on the same page got the first one's receipt")
	}
	program := d.mustSubmit(forms.Entry{Key: "token", Strict: true, Answers: named("a")})
	if program.Repeated {
		t.Error("a program's key is taken for a page's")
	}
	_, err := d.submit(forms.Entry{Key: "token", Strict: true, Answers: named("b")})
	if refused := wantCode(t, err, forms.Invalid); refused.Fields[0].Code != "key" {
		t.Errorf("fields = %+v, want code key", refused.Fields)
	}
	if _, err := d.SetState(t.Context(), "f", forms.Closed); err != nil {
		t.Fatal(err)
	}
	if closed := d.mustSubmit(forms.Entry{Key: "token", Answers: named("a")}); !closed.Repeated {
		t.Error("a retry after the closing was kept anew")
	}
	if d.count() != 3 {
		t.Errorf("%d submissions, want 3", d.count())
	}
}
