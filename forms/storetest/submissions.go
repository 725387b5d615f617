package storetest

import (
	"strings"
	"testing"
	"time"

	"guichet/forms"
)

func testRoundTrip(t *testing.T, b *bench) {
	b.form(t, "f")
	paris, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	given := b.next("f")
	given.Created = time.Date(2019, 10, 27, 2, 30, 0, 123_999_999, paris) // the hour that happens twice
	given.Updated = time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
	given.Generation, given.Key, given.Language = 3, "k", "en"
	given.Places = []string{"", "/ateliers=géo $.%", "/a~2b=c"}
	stored := b.keep(t, given, 1)

	want := given
	want.Created = given.Created.UTC().Truncate(time.Millisecond)
	want.Updated = time.Date(1969, 12, 31, 23, 59, 59, 999_000_000, time.UTC)
	same(t, "what came back at once", want, stored)
	got, err := b.Submission(b.ctx, "f", given.ID)
	must(t, err)
	same(t, "what is kept", want, got)

	bare := b.next("f")
	bare.Places, bare.Language = nil, ""
	b.keep(t, bare, 1)
	got, err = b.Submission(b.ctx, "f", bare.ID)
	must(t, err)
	if got.Places == nil || len(got.Places) != 0 {
		t.Fatalf("places = %#v, want an empty list", got.Places)
	}
	same(t, "no key", "", got.Key)
}

// testAnswers keeps answers that one database or another would change: names with its operators, numbers at its edges.
func testAnswers(t *testing.T, b *bench) {
	b.form(t, "f")
	for _, answers := range []string{
		`{}`,
		`{"z":1,"a":2,"m":{"z":1,"a":2}}`,
		`{"":1," ":2,"$set":{"$ne":1},"a.b":{"c.d":[{"$gt":""}]},"100%":1,"%24":2,"%2E":3,"_id":4,"$ref":"x","__proto__":5,"é 🎩":6,"a\"b\\c\n":7,"0":8}`,
		`{"n":[0,-1,9007199254740992,-9007199254740992,1.5,-0.25,1e-7,0.1,1.7976931348623157e-300,123456789.125]}`,
		`{"t":["","é 🎩 مرحبا","a\nb\tc\r\u0001\u2028<>&'\"\\","` + strings.Repeat("x", 100_000) + `"]}`,
		`{"v":[null,true,false,[],{},[[]],[{}],[null]]}`,
		`{"d":` + strings.Repeat(`{"d":[`, 15) + `1` + strings.Repeat(`]}`, 15) + `}`,
	} {
		submission := b.next("f")
		submission.Answers = []byte(answers)
		b.keep(t, submission, 1)
		got, err := b.Submission(b.ctx, "f", submission.ID)
		must(t, err)
		same(t, "answers", answers, string(got.Answers))
	}
}

func testQuery(t *testing.T, b *bench) {
	b.form(t, "f")
	b.form(t, "g")
	var want []forms.Submission
	for range 7 {
		submission := b.next("f")
		submission.Created = start // ties are ordered by id
		want = append(want, b.keep(t, submission, 1))
	}
	early := b.next("f")
	early.Created = start.Add(-time.Hour)
	want = append([]forms.Submission{b.keep(t, early, 1)}, want...)
	b.keep(t, b.next("g"), 1)

	same(t, "oldest first", ids(want), ids(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
	var paged []forms.Submission
	query := forms.Query{Form: "f", Limit: 3}
	for {
		page := all(t, b.Submissions(b.ctx, query))
		paged = append(paged, page...)
		if len(page) < 3 {
			break
		}
		query.After = forms.Cursor{Created: page[2].Created, ID: page[2].ID}
	}
	same(t, "page by page", want, paged)

	_, err := b.CancelSubmission(b.ctx, "f", want[2].ID, start)
	must(t, err)
	same(t, "cancelled ones", []string{want[2].ID}, ids(all(t, b.Submissions(b.ctx, forms.Query{Form: "f", Statuses: []forms.Status{forms.Cancelled}}))))
	same(t, "confirmed ones", 7, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f", Statuses: []forms.Status{forms.Confirmed, forms.Waiting}}))))
}

func testIterators(t *testing.T, b *bench) {
	b.form(t, "f")
	for range 300 {
		b.keep(t, b.next("f"), 1)
	}
	for range 20 {
		for _, err := range b.Submissions(b.ctx, forms.Query{Form: "f"}) {
			must(t, err)
			break
		}
	}
	seen := 0
	for submission, err := range b.Submissions(b.ctx, forms.Query{Form: "f"}) {
		must(t, err)
		if seen == 0 { // the store is used, and written to, while the iterator is open
			b.keep(t, b.next("f"), 1)
			_, err := b.Submission(b.ctx, "f", submission.ID)
			must(t, err)
		}
		seen++
	}
	same(t, "submissions in the snapshot", 300, seen)
	same(t, "submissions afterwards", 301, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
}

func testStale(t *testing.T, b *bench) {
	form := b.form(t, "f")
	form.State, form.Revision = forms.Closed, 2
	must(t, b.SetForm(b.ctx, form))
	_, _, err := b.CreateSubmission(b.ctx, b.next("f"), 1, nil)
	wantIs(t, err, forms.ErrStale)
	_, _, err = b.CreateSubmission(b.ctx, b.next("f"), 1, []forms.Claim{{Name: "", Limit: 5}})
	wantIs(t, err, forms.ErrStale)
	same(t, "kept", 0, len(all(t, b.Submissions(b.ctx, forms.Query{Form: "f"}))))
	b.keep(t, b.next("f"), 2)
}

func testReference(t *testing.T, b *bench) {
	b.form(t, "f")
	b.form(t, "g")
	first := b.keep(t, b.next("f"), 1)
	second := b.next("f")
	second.Reference = first.Reference
	_, _, err := b.CreateSubmission(b.ctx, second, 1, nil)
	wantIs(t, err, forms.ErrReferenceTaken)
	_, _, err = b.CreateSubmission(b.ctx, second, 1, []forms.Claim{{Name: "", Limit: 5}})
	wantIs(t, err, forms.ErrReferenceTaken)
	taken, err := b.Taken(b.ctx, "f")
	must(t, err)
	same(t, "places after a refusal", 0, taken[""])
	second.Form = "g"
	b.keep(t, second, 1)
}

func testKey(t *testing.T, b *bench) {
	form := b.form(t, "f", "")
	b.form(t, "g")
	claim := forms.Claim{Name: "", Limit: 1}
	first := b.next("f")
	first.Key = "k"
	stored := b.keep(t, first, 1, claim)
	again := func(revision int64, claims ...forms.Claim) {
		t.Helper()
		repeat := b.next("f")
		repeat.Key, repeat.Answers = "k", []byte(`{"a":2}`)
		got, kept, err := b.CreateSubmission(b.ctx, repeat, revision, claims)
		must(t, err)
		if kept {
			t.Fatal("a repeated submission was kept")
		}
		same(t, "the first submission", stored, got)
	}
	again(1)
	again(1, claim) // the form is full by now
	form.State, form.Revision = forms.Closed, 2
	must(t, b.SetForm(b.ctx, form))
	again(1)
	again(1, claim)
	taken, err := b.Taken(b.ctx, "f")
	must(t, err)
	same(t, "places", map[string]int{"": 1}, taken)
	other := b.next("g")
	other.Key = "k"
	b.keep(t, other, 1)
}

func testKeyLife(t *testing.T, b *bench) {
	b.form(t, "f", "")
	for key, claims := range map[string][]forms.Claim{"without claims": nil, "with claims": {{Name: "", Limit: 100}}} {
		first := b.next("f")
		first.Key = key
		first = b.keep(t, first, 1, claims...)
		young := b.next("f")
		young.Key, young.Created = key, first.Created.Add(forms.KeyLife-time.Millisecond)
		_, kept, err := b.CreateSubmission(b.ctx, young, 1, claims)
		must(t, err)
		same(t, "kept within a day", false, kept)
		old := b.next("f")
		old.Key, old.Created = key, first.Created.Add(forms.KeyLife)
		b.keep(t, old, 1, claims...)
		got, err := b.Submission(b.ctx, "f", first.ID)
		must(t, err)
		same(t, "the key of the old one", "", got.Key)
	}
}
