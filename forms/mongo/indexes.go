package mongo

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// makeIndexes makes every index; those that are there already stay.
func (s *Store) makeIndexes(ctx context.Context) error {
	for _, index := range []struct {
		collection *mongo.Collection
		keys       bson.D
		options    *options.IndexOptionsBuilder
	}{
		{s.versions, bson.D{{Key: "form", Value: 1}, {Key: "number", Value: 1}}, options.Index().SetUnique(true)},
		{s.submissions, bson.D{{Key: "form", Value: 1}, {Key: "created", Value: 1}, {Key: "_id", Value: 1}}, nil},
		{s.submissions, bson.D{{Key: "form", Value: 1}, {Key: "reference", Value: 1}}, options.Index().SetUnique(true)},
		{s.submissions, bson.D{{Key: "form", Value: 1}, {Key: "key", Value: 1}}, options.Index().SetUnique(true).SetPartialFilterExpression(bson.D{{Key: "key", Value: bson.D{{Key: "$exists", Value: true}}}})},
		{s.counters, bson.D{{Key: "form", Value: 1}, {Key: "name", Value: 1}}, options.Index().SetUnique(true)},
	} {
		if _, err := index.collection.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: index.keys, Options: index.options}); err != nil {
			return fmt.Errorf("cannot make an index on %s: %w; the user of --store needs the role readWrite on the database", index.collection.Name(), err)
		}
	}
	return nil
}
