// Package storetest is the contract of forms.Store as a program. Every store passes all of it.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichet/forms"
)

// Opener opens the store under test. The first call of a test opens an empty one; later calls, after Close, open the same again.
type Opener func(t *testing.T) func() forms.Store

// Run runs the contract against the stores that open makes, a new one for each test.
func Run(t *testing.T, open Opener) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *bench)
	}{
		{"forms are kept and listed", testForms},
		{"publishing follows revisions", testPublish},
		{"versions never change", testVersions},
		{"submissions come back as they went in", testRoundTrip},
		{"any answers come back byte for byte", testAnswers},
		{"submissions are ordered, paged and filtered", testQuery},
		{"iterators see one snapshot and stop early", testIterators},
		{"a form that changed refuses", testStale},
		{"references are unique in a form", testReference},
		{"the same key is the same submission", testKey},
		{"a key lives a day", testKeyLife},
		{"places are taken all or none", testClaims},
		{"publishing counts places anew", testRecount},
		{"cancelling gives places back", testCancel},
		{"what is absent is not_found", testAbsent},
		{"tokens and secrets", testTokens},
		{"a context that ended stops", testContext},
		{"everything is there after reopening", testReopen},
		{"a closed store is unavailable, not empty", testClosed},
		{"64 writers at once", testParallel},
		{"200 claims on the last 20 places", testLastPlaces},
		{"32 times the same key at once", testParallelKey},
		{"a failure does not fail its neighbours", testNeighbours},
		{"one publishing of many wins", testParallelPublish},
	} {
		t.Run(test.name, func(t *testing.T) {
			reopen := open(t)
			b := &bench{Store: reopen(), reopen: reopen, ctx: t.Context()}
			t.Cleanup(func() { _ = b.Close() })
			test.run(t, b)
		})
	}
}

// bench is a store with what tests need to write to it.
type bench struct {
	forms.Store
	reopen func() forms.Store
	ctx    context.Context
	serial atomic.Int64
}

var start = time.Date(2019, 12, 11, 9, 0, 0, 123_000_000, time.UTC)

// form publishes a form, open and at revision 1.
func (b *bench) form(t *testing.T, slug string, counted ...string) forms.Form {
	t.Helper()
	form := forms.Form{Slug: slug, State: forms.Open, Version: 1, Revision: 1, Created: start, Updated: start}
	version := forms.Version{Form: slug, Number: 1, SHA256: "s", Bytes: []byte("{}"), Published: start}
	must(t, b.Publish(b.ctx, form, version, counted))
	return form
}

// next makes a submission that nothing stands against.
func (b *bench) next(slug string) forms.Submission {
	n := b.serial.Add(1)
	return forms.Submission{
		ID: fmt.Sprintf("0193b3f0-0000-7000-8000-%012d", n), Form: slug, Version: 1, Reference: fmt.Sprintf("T-%06d", n),
		Status: forms.Confirmed, Language: "fr", Created: start.Add(time.Duration(n) * time.Millisecond), Updated: start.Add(time.Duration(n) * time.Millisecond),
		Digest: "d", Places: []string{""}, Answers: []byte(`{"a":1}`),
	}
}

// keep writes a submission that has to be kept.
func (b *bench) keep(t *testing.T, submission forms.Submission, revision int64, claims ...forms.Claim) forms.Submission {
	t.Helper()
	stored, kept, err := b.CreateSubmission(b.ctx, submission, revision, claims)
	must(t, err)
	if !kept {
		t.Fatalf("submission %s was not kept", submission.ID)
	}
	return stored
}

// all collects what an iterator gives.
func all[T any](t *testing.T, seq func(func(T, error) bool)) []T {
	t.Helper()
	found := []T{}
	for value, err := range seq {
		must(t, err)
		found = append(found, value)
	}
	return found
}

func ids(submissions []forms.Submission) []string {
	found := []string{}
	for _, submission := range submissions {
		found = append(found, submission.ID)
	}
	return found
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code forms.Code) {
	t.Helper()
	if forms.CodeOf(err) != code {
		t.Fatalf("error = %v, want code %s", err, code)
	}
}

func wantIs(t *testing.T, err, target error) {
	t.Helper()
	if !errors.Is(err, target) {
		t.Fatalf("error = %v, want %v", err, target)
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}
