package forms_test

import (
	"crypto/rand"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

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

func TestTheSameEntryInParallelIsKeptOnce(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	other := another(t, d.store, d.clock)
	var wait sync.WaitGroup
	var first atomic.Int32
	var receipts sync.Map
	for i := range 32 {
		service := []*desk{d, other}[i%2]
		wait.Go(func() {
			receipt, err := service.submit(forms.Entry{Key: "token", Answers: named("a", "geo")})
			if err != nil {
				t.Error(err)
				return
			}
			if !receipt.Repeated {
				first.Add(1)
			}
			receipts.Store(receipt.Token+receipt.Submission.Reference, true)
		})
	}
	wait.Wait()
	different := 0
	receipts.Range(func(any, any) bool { different++; return true })
	if first.Load() != 1 || different != 1 || d.count() != 1 {
		t.Errorf("%d kept, %d receipts, %d stored; want one of each", first.Load(), different, d.count())
	}
}

// TestARetryFindsItsPlace repeats an entry that took the last one.
func TestARetryFindsItsPlace(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"places":5`, `"places":1`, 1))
	first := d.mustSubmit(forms.Entry{Key: "k", Strict: true, Answers: named("a")})
	if again := d.mustSubmit(forms.Entry{Key: "k", Strict: true, Answers: named("a")}); !again.Repeated || again.Submission.ID != first.Submission.ID {
		t.Errorf("again = %+v, want the first", again)
	}
	_, err := d.submit(forms.Entry{Key: "k", Strict: true, Answers: named("b")})
	wantCode(t, err, forms.Invalid)
}

func TestEntriesWithoutAKeyAreNeverTheSame(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	d.mustSubmit(forms.Entry{Answers: named("a")})
	if again := d.mustSubmit(forms.Entry{Answers: named("a")}); again.Repeated || again.Submission.Key != "" {
		t.Errorf("again = %+v, want another submission", again)
	}
}

func TestTheLanguageOfAnEntryIsOneOfTheForm(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, "{", `{"translations":{"en":{"/schema/properties/nom/title":"Name"}},`, 1))
	for asked, want := range map[string]string{"en": "en", "fr": "fr", "de": "fr"} {
		if got := d.mustSubmit(forms.Entry{Language: asked, Answers: named(asked)}); got.Submission.Language != want {
			t.Errorf("asked for %s: kept %s, want %s", asked, got.Submission.Language, want)
		}
	}
}

// dealt deals the bytes of references; ids and secrets, of other lengths, come from chance.
type dealt struct {
	mu    sync.Mutex
	hands [][]byte
}

func (r *dealt) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(p) == 8 && len(r.hands) > 0 {
		n := copy(p, r.hands[0])
		r.hands = r.hands[1:]
		return n, nil
	}
	return rand.Read(p)
}

func TestReferences(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	chance := &dealt{hands: [][]byte{
		{255, 0, 240, 29, 30, 59, 255, 239}, {1, 255, 255, 255, 255, 255, 255, 255}, // those from 240 on would favour the first symbols
		{0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 1, 0, 0}, // the second is taken: another is drawn
	}}
	service, err := forms.NewService(t.Context(), d.store, forms.Options{Now: d.Now, Random: chance})
	if err != nil {
		t.Fatal(err)
	}
	d.Service = service
	for _, want := range []string{"BH-2Z2ZZ3", "BH-222222", "BH-222223"} {
		if got := d.mustSubmit(forms.Entry{Answers: named(want)}).Submission.Reference; got != want {
			t.Errorf("reference = %s, want %s", got, want)
		}
	}
}

func TestWithoutAPrefixReferencesBeginWithG(t *testing.T) {
	d := newDesk(t)
	d.open("f", strings.Replace(workshops, `"prefix":"BH",`, "", 1))
	if got := d.mustSubmit(forms.Entry{Answers: named("a")}).Submission.Reference; !strings.HasPrefix(got, "G-") {
		t.Errorf("reference = %s", got)
	}
}

func TestWithoutChanceNothingIsKept(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	empty := errors.New("no chance left")
	service, err := forms.NewService(t.Context(), d.store, forms.Options{Now: d.Now, Random: io.MultiReader(io.LimitReader(rand.Reader, 32), iotest.ErrReader(empty))})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.Submit(t.Context(), forms.Entry{Form: "f", Language: "fr", Answers: named("a")}); !errors.Is(err, empty) {
		t.Errorf("error = %v, want its cause", err)
	}
	if d.count() != 0 {
		t.Error("a submission was kept")
	}
}
