package mongo_test

import (
	"context"
	"testing"
	"time"

	"guichet/bench"
	"guichet/forms"
	"guichet/forms/mongo"
	"guichet/forms/mongo/mongotest"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

const (
	writers = 64
	lasting = 2 * time.Second
)

// BenchmarkRatios compares the store with the driver used plainly: the same documents, each in an insert of its own.
func BenchmarkRatios(b *testing.B) {
	server := mongotest.Start(b)
	store, err := mongo.Open(b.Context(), server.URI("guichet"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	form := forms.Form{Slug: "f", State: forms.Open, Version: 1, Revision: 1}
	if err := store.Publish(b.Context(), form, forms.Version{Form: "f", Number: 1, Bytes: []byte("{}")}, []string{"", "/ateliers=geo"}); err != nil {
		b.Fatal(err)
	}
	ours := func(claims ...forms.Claim) func() float64 {
		return func() float64 {
			return bench.Rate(writers, lasting, func() error {
				_, _, err := store.CreateSubmission(b.Context(), bench.Registration(), 1, claims)
				return err
			})
		}
	}
	bound := func() float64 { return rawInserts(b, server) }
	bench.Row{Name: "MongoDB, 64 writers, of raw majority inserts", Unit: "/s", Ours: ours(), Bound: bound, AtLeast: 1}.Print()
	many := []forms.Claim{{Name: "", Limit: 1 << 40}, {Name: "/ateliers=geo", Limit: 1 << 40}}
	bench.Row{Name: "MongoDB with two claims each, of raw majority inserts", Unit: "/s", Ours: ours(many...), Bound: bound, AtLeast: 0.5}.Print()
}

// rawInserts inserts the same documents, with the same indexes and the same durability.
func rawInserts(b *testing.B, server *mongotest.Server) float64 {
	journaled := true
	client, err := driver.Connect(options.Client().ApplyURI(server.URI("raw")).SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journaled}))
	if err != nil {
		b.Fatal(err)
	}
	defer client.Disconnect(context.Background())
	collection := client.Database("raw").Collection("submissions")
	for _, keys := range []bson.D{{{Key: "form", Value: 1}, {Key: "created", Value: 1}, {Key: "_id", Value: 1}}, {{Key: "form", Value: 1}, {Key: "reference", Value: 1}}, {{Key: "form", Value: 1}, {Key: "key", Value: 1}}} {
		if _, err := collection.Indexes().CreateOne(b.Context(), driver.IndexModel{Keys: keys}); err != nil {
			b.Fatal(err)
		}
	}
	return bench.Rate(writers, lasting, func() error {
		s := bench.Registration()
		answers := bson.D{}
		if err := bson.UnmarshalExtJSON(s.Answers, false, &answers); err != nil {
			return err
		}
		_, err := collection.InsertOne(b.Context(), bson.D{
			{Key: "_id", Value: s.ID}, {Key: "form", Value: s.Form}, {Key: "version", Value: s.Version}, {Key: "reference", Value: s.Reference}, {Key: "status", Value: s.Status}, {Key: "language", Value: s.Language},
			{Key: "created", Value: s.Created}, {Key: "updated", Value: s.Updated}, {Key: "generation", Value: s.Generation}, {Key: "key", Value: s.Key}, {Key: "digest", Value: s.Digest}, {Key: "places", Value: s.Places}, {Key: "answers", Value: answers},
		})
		return err
	})
}
