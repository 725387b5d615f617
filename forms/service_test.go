package forms_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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

func TestReceipts(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	d.open("g", workshops)
	receipt := d.mustSubmit(forms.Entry{Answers: named("a")})
	got, err := d.Receipt(t.Context(), "f", receipt.Token)
	if err != nil || got.ID != receipt.Submission.ID {
		t.Fatalf("receipt = %+v, error %v", got, err)
	}
	forged := []byte(receipt.Token)
	forged[len(forged)-2] ^= 1
	raised := receipt.Submission
	raised.Generation++
	for what, try := range map[string][2]string{
		"another form": {"g", receipt.Token}, "a forged one": {"f", string(forged)}, "half of it": {"f", receipt.Token[:20]}, "nothing": {"f", ""}, "no base64": {"f", "!!!"},
		"a raised generation": {"f", d.ReceiptToken(raised)},
	} {
		if _, err := d.Receipt(t.Context(), try[0], try[1]); forms.CodeOf(err) != forms.NotFound {
			t.Errorf("%s: error = %v, want not_found", what, err)
		}
	}
	other := another(t, d.store, d.clock)
	if _, err := other.Receipt(t.Context(), "f", receipt.Token); err != nil {
		t.Errorf("another process does not know the address: %v", err)
	}
}

func TestPageTokens(t *testing.T) {
	d := newDesk(t)
	token := d.PageToken("f", 3)
	if version, ok := d.OpenPageToken("f", token); version != 3 || !ok {
		t.Errorf("token = version %d, %v", version, ok)
	}
	if d.PageToken("f", 3) == token {
		t.Error("two pages have the same token: two people on one computer would be one")
	}
	for _, bad := range []string{"", "x", token[:10], token + "x", d.PageToken("g", 3)} {
		if _, ok := d.OpenPageToken("f", bad); ok {
			t.Errorf("the token %q was taken", bad)
		}
	}
	d.add(25 * time.Hour)
	if version, ok := d.OpenPageToken("f", token); ok || version != 3 {
		t.Errorf("a day later: version %d, %v; want its version, and not taken", version, ok)
	}
}

func TestTokens(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	d.open("g", workshops)
	read, err := d.CreateToken(t.Context(), forms.Token{Form: "f", Scope: forms.Read, Expires: d.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	admin, err := d.CreateToken(t.Context(), forms.Token{Form: "f", Scope: forms.Admin})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		secret, form string
		scope        forms.Scope
		allowed      bool
	}{
		{read, "f", forms.Read, true}, {read, "f", forms.Admin, false}, {read, "g", forms.Read, false},
		{admin, "f", forms.Admin, true}, {admin, "f", forms.Read, true}, {admin, "g", forms.Admin, false}, {"gt_made-up", "f", forms.Read, false}, {"", "f", forms.Read, false},
	} {
		if _, err := d.Authorize(t.Context(), test.secret, test.form, test.scope); (err == nil) != test.allowed || err != nil && forms.CodeOf(err) != forms.Forbidden {
			t.Errorf("%+v: error = %v", test, err)
		}
	}
	d.add(time.Hour)
	if _, err := d.Authorize(t.Context(), read, "f", forms.Read); forms.CodeOf(err) != forms.Forbidden {
		t.Errorf("an expired token: error = %v", err)
	}
	export := forms.Token{Form: "f", Scope: forms.Export, Format: "xlsx"}
	first, err := d.FixedToken(t.Context(), export)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := d.FixedToken(t.Context(), export); err != nil || second != first {
		t.Errorf("fixed tokens %q and %q, error %v; want the same", first, second, err)
	}
	if token, err := d.ExportToken(t.Context(), first); err != nil || token.Form != "f" {
		t.Errorf("export token = %+v, error %v", token, err)
	}
	if _, err := d.ExportToken(t.Context(), admin); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("an admin's token as an address: error = %v", err)
	}
	if _, err := d.CreateToken(t.Context(), forms.Token{Form: "none", Scope: forms.Read}); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("a token for no form: error = %v", err)
	}
}
