package storetest

import (
	"context"
	"testing"
	"time"

	"guichet/forms"
)

func testForms(t *testing.T, b *bench) {
	same(t, "forms of an empty store", []forms.Form{}, all(t, b.Forms(b.ctx)))
	zulu, alpha := b.form(t, "zulu"), b.form(t, "alpha")
	same(t, "forms by slug", []forms.Form{alpha, zulu}, all(t, b.Forms(b.ctx)))

	alpha.State, alpha.Revision, alpha.Updated = forms.Closed, 2, start.Add(time.Hour)
	must(t, b.SetForm(b.ctx, alpha))
	got, err := b.Form(b.ctx, "alpha")
	must(t, err)
	same(t, "a closed form", alpha, got)
	wantIs(t, b.SetForm(b.ctx, alpha), forms.ErrStale) // revision 2 is taken
}

func testPublish(t *testing.T, b *bench) {
	form := b.form(t, "f")
	again := forms.Version{Form: "f", Number: 1, Bytes: []byte("x"), Published: start}
	wantIs(t, b.Publish(b.ctx, form, again, nil), forms.ErrStale) // a form of this slug is there already

	form.Version, form.Revision, form.Updated = 2, 2, start.Add(time.Minute)
	version := forms.Version{Form: "f", Number: 2, SHA256: "t", Bytes: []byte(`{"b": 1}`), Published: start.Add(time.Minute)}
	must(t, b.Publish(b.ctx, form, version, nil))
	got, err := b.Form(b.ctx, "f")
	must(t, err)
	same(t, "the form at version 2", form, got)

	late := form
	late.Version = 3
	wantIs(t, b.Publish(b.ctx, late, forms.Version{Form: "f", Number: 3, Bytes: []byte("y"), Published: start}, nil), forms.ErrStale)
	_, err = b.Version(b.ctx, "f", 3)
	wantCode(t, err, forms.NotFound) // nothing of a refused publishing is kept
}

func testVersions(t *testing.T, b *bench) {
	form := b.form(t, "f")
	bytes := []byte("{\n  \"z\": 1, \"a\": \"é\\u0000\"\n}\n\xff")
	form.Version, form.Revision = 2, 2
	want := forms.Version{Form: "f", Number: 2, SHA256: "abc", Bytes: bytes, Published: start}
	must(t, b.Publish(b.ctx, form, want, nil))
	got, err := b.Version(b.ctx, "f", 2)
	must(t, err)
	same(t, "version 2, byte for byte", want, got)
	first, err := b.Version(b.ctx, "f", 1)
	must(t, err)
	same(t, "version 1 after version 2", "{}", string(first.Bytes))
}

func testAbsent(t *testing.T, b *bench) {
	b.form(t, "f")
	_, err := b.Form(b.ctx, "g")
	wantCode(t, err, forms.NotFound)
	_, err = b.Version(b.ctx, "f", 2)
	wantCode(t, err, forms.NotFound)
	_, err = b.Submission(b.ctx, "f", "none")
	wantCode(t, err, forms.NotFound)
	_, err = b.CancelSubmission(b.ctx, "f", "none", start)
	wantCode(t, err, forms.NotFound)
	_, err = b.Token(b.ctx, "none")
	wantCode(t, err, forms.NotFound)
	_, _, err = b.CreateSubmission(b.ctx, b.next("g"), 1, nil)
	wantCode(t, err, forms.NotFound)
	_, _, err = b.CreateSubmission(b.ctx, b.next("g"), 1, []forms.Claim{{Name: "", Limit: 5}})
	wantCode(t, err, forms.NotFound)
	wantIs(t, b.SetForm(b.ctx, forms.Form{Slug: "g", Revision: 2}), forms.ErrStale)
	same(t, "submissions of no form", []forms.Submission{}, all(t, b.Submissions(b.ctx, forms.Query{Form: "g"})))
	taken, err := b.Taken(b.ctx, "g")
	must(t, err)
	same(t, "places of no form", map[string]int{}, taken)
}

func testTokens(t *testing.T, b *bench) {
	token := forms.Token{Hash: "h", Form: "f", Scope: forms.Export, List: "atelier:geo", Format: "xlsx", Created: start}
	must(t, b.CreateToken(b.ctx, token))
	got, err := b.Token(b.ctx, "h")
	must(t, err)
	same(t, "a token that never expires", token, got)
	if !got.Expires.IsZero() {
		t.Fatal("the zero time did not come back as zero")
	}
	token.Scope, token.Expires = forms.Read, start.Add(time.Hour)
	must(t, b.CreateToken(b.ctx, token))
	got, err = b.Token(b.ctx, "h")
	must(t, err)
	same(t, "a token that was replaced", token, got)

	fresh := make(chan []byte)
	for i := range 32 {
		go func() {
			value, err := b.Secret(b.ctx, "seal", []byte{byte(i), 0, 0xff})
			if err != nil {
				t.Error(err)
			}
			fresh <- value
		}()
	}
	first := <-fresh
	for range 31 {
		same(t, "the one secret", first, <-fresh)
	}
	other, err := b.Secret(b.ctx, "other", []byte("o"))
	must(t, err)
	same(t, "another secret", []byte("o"), other)
}

func testContext(t *testing.T, b *bench) {
	b.form(t, "f")
	b.keep(t, b.next("f"), 1)
	ended, cancel := context.WithCancel(b.ctx)
	cancel()
	_, err := b.Form(ended, "f")
	wantIs(t, err, context.Canceled)
	_, _, err = b.CreateSubmission(ended, b.next("f"), 1, nil)
	wantIs(t, err, context.Canceled)
	_, err = b.Taken(ended, "f")
	wantIs(t, err, context.Canceled)
	wantIs(t, b.SetForm(ended, forms.Form{Slug: "f", Revision: 2}), context.Canceled)
	errs := 0
	for _, err := range b.Submissions(ended, forms.Query{Form: "f"}) {
		wantIs(t, err, context.Canceled)
		errs++
	}
	same(t, "errors of an iterator", 1, errs)
}

func testReopen(t *testing.T, b *bench) {
	form := b.form(t, "f", "")
	submission := b.keep(t, b.next("f"), 1, forms.Claim{Name: "", Limit: 5})
	secret, err := b.Secret(b.ctx, "seal", []byte("s"))
	must(t, err)
	must(t, b.Close())
	b.Store = b.reopen()
	got, err := b.Form(b.ctx, "f")
	must(t, err)
	same(t, "the form", form, got)
	same(t, "the submissions", []forms.Submission{submission}, all(t, b.Submissions(b.ctx, forms.Query{Form: "f"})))
	taken, err := b.Taken(b.ctx, "f")
	must(t, err)
	same(t, "the places", map[string]int{"": 1}, taken)
	again, err := b.Secret(b.ctx, "seal", []byte("t"))
	must(t, err)
	same(t, "the secret", secret, again)
	must(t, b.Ping(b.ctx))
}

func testClosed(t *testing.T, b *bench) {
	b.form(t, "f")
	must(t, b.Close())
	_, err := b.Form(b.ctx, "f")
	wantCode(t, err, forms.Unavailable)
	_, _, err = b.CreateSubmission(b.ctx, b.next("f"), 1, nil)
	wantCode(t, err, forms.Unavailable)
	_, _, err = b.CreateSubmission(b.ctx, b.next("f"), 1, []forms.Claim{{Name: "", Limit: 5}})
	wantCode(t, err, forms.Unavailable)
	_, err = b.Token(b.ctx, "h")
	wantCode(t, err, forms.Unavailable)
	wantCode(t, b.Ping(b.ctx), forms.Unavailable)
	for _, err := range b.Submissions(b.ctx, forms.Query{Form: "f"}) {
		wantCode(t, err, forms.Unavailable)
	}
}
