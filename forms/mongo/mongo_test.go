package mongo_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"guichet/forms"
	"guichet/forms/mongo"
	"guichet/forms/mongo/mongotest"
	"guichet/forms/storetest"
)

func TestStore(t *testing.T) {
	server := mongotest.Start(t)
	var serial atomic.Int64
	storetest.Run(t, func(t *testing.T) func() forms.Store {
		uri := server.URI(fmt.Sprintf("test%d", serial.Add(1)))
		return func() forms.Store { return open(t, uri) }
	})
}

func open(t *testing.T, uri string) *mongo.Store {
	t.Helper()
	store, err := mongo.Open(t.Context(), uri)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestStandaloneServerIsRefused(t *testing.T) {
	_, err := mongo.Open(t.Context(), mongotest.StartStandalone(t).URI("guichet"))
	if err == nil || !strings.Contains(err.Error(), "rs.initiate()") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error = %v, want one line with the command that makes it a replica set", err)
	}
}

func TestUnreachableServer(t *testing.T) {
	_, err := mongo.Open(t.Context(), "mongodb://127.0.0.1:1/guichet?replicaSet=rs0")
	if err == nil || !strings.Contains(err.Error(), "cannot reach MongoDB at 127.0.0.1:1") {
		t.Errorf("error = %v, want one that names the host", err)
	}
	_, err = mongo.Open(t.Context(), "mongodb://")
	if err == nil || !strings.Contains(err.Error(), "not valid") {
		t.Errorf("error = %v, want one that says the address is not valid", err)
	}
}

func TestOutageIsUnavailableAndHeals(t *testing.T) {
	server := mongotest.Start(t)
	store := open(t, server.URI("guichet"))
	form := forms.Form{Slug: "f", State: forms.Open, Version: 1, Revision: 1}
	if err := store.Publish(t.Context(), form, forms.Version{Form: "f", Number: 1, Bytes: []byte("{}")}, nil); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	submission := forms.Submission{ID: "1", Form: "f", Reference: "r", Answers: []byte("{}")}
	for _, claims := range [][]forms.Claim{nil, {{Name: "", Limit: 5}}} {
		if _, _, err := store.CreateSubmission(t.Context(), submission, 1, claims); forms.CodeOf(err) != forms.Unavailable {
			t.Errorf("error = %v, want unavailable", err)
		}
	}
	if _, err := store.Form(t.Context(), "f"); forms.CodeOf(err) != forms.Unavailable {
		t.Errorf("error = %v, want unavailable and not not_found", err)
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	if _, kept, err := store.CreateSubmission(t.Context(), submission, 1, nil); !kept || err != nil {
		t.Errorf("kept = %v, error = %v; want it to heal by itself", kept, err)
	}
}
