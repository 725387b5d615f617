package mongo_test

import (
	"context"
	"testing"

	"guichet/forms"
	"guichet/forms/mongo/mongotest"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// TestTransactionsLeftBehindAreEnded leaves a transaction open on a counter, as a process that is killed does.
func TestTransactionsLeftBehindAreEnded(t *testing.T) {
	server := mongotest.Start(t)
	store := open(t, server.URI("guichet"))
	form := forms.Form{Slug: "f", State: forms.Open, Version: 1, Revision: 1}
	if err := store.Publish(t.Context(), form, forms.Version{Form: "f", Number: 1, Bytes: []byte("{}")}, []string{""}); err != nil {
		t.Fatal(err)
	}
	killed, err := driver.Connect(options.Client().ApplyURI(server.URI("guichet")).SetAppName("guichet"))
	if err != nil {
		t.Fatal(err)
	}
	defer killed.Disconnect(context.Background())
	session, err := killed.StartSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.StartTransaction(); err != nil {
		t.Fatal(err)
	}
	taken := bson.D{{Key: "$inc", Value: bson.D{{Key: "taken", Value: 1}}}}
	if _, err := killed.Database("guichet").Collection("counters").UpdateOne(driver.NewSessionContext(t.Context(), session), bson.D{{Key: "form", Value: "f"}}, taken); err != nil {
		t.Fatal(err)
	}
	submission := forms.Submission{ID: "1", Form: "f", Reference: "r", Answers: []byte("{}")}
	if _, kept, err := store.CreateSubmission(t.Context(), submission, 1, []forms.Claim{{Name: "", Limit: 1}}); !kept || err != nil {
		t.Errorf("kept = %v, error = %v; want the place, which nobody else holds", kept, err)
	}
}
