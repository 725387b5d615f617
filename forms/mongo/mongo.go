// Package mongo keeps forms in MongoDB: for several processes, and more than one machine. It wants a replica set, of one node at least.
//
// Should the collections be sharded: submissions by {form: 1, _id: 1}, versions and counters by {form: 1}; the others stay whole.
package mongo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guichet/forms"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/connstring"
)

// patience is how long an operation waits for a server before the store counts as unreachable.
const patience = 3 * time.Second

// appName tells MongoDB whose connections these are.
const appName = "guichet"

// Store is a forms.Store in one database.
type Store struct {
	client                                                      *mongo.Client
	forms, versions, submissions, counters, tokens, secretStore *mongo.Collection
	plain, claiming                                             *lanes
}

var _ forms.Store = (*Store)(nil)

// Open opens the store in the database that the URI names, "guichet" where it names none, and makes its indexes. Errors are one
// line that says what to do.
func Open(ctx context.Context, uri string) (*Store, error) {
	parsed, err := connstring.ParseAndValidate(uri)
	if err != nil {
		return nil, fmt.Errorf("the address of MongoDB is not valid: %w; it looks like mongodb://HOST:27017/guichet?replicaSet=rs0", err)
	}
	journaled := true
	// Acknowledged means: on the disks of most nodes. Anything less can lose answers that people were told are kept.
	durable := &writeconcern.WriteConcern{W: "majority", Journal: &journaled}
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetAppName(appName).SetServerSelectionTimeout(patience).SetConnectTimeout(patience).
		SetWriteConcern(durable).SetReadConcern(readconcern.Majority()).SetReadPreference(readpref.Primary()))
	if err != nil {
		return nil, fmt.Errorf("cannot use the address of MongoDB: %w", err)
	}
	store := newStore(client, parsed.Database)
	if err := store.prepare(ctx, strings.Join(parsed.Hosts, ",")); err != nil {
		_ = client.Disconnect(context.WithoutCancel(ctx))
		return nil, err
	}
	return store, nil
}

func newStore(client *mongo.Client, name string) *Store {
	if name == "" {
		name = "guichet"
	}
	database := client.Database(name)
	s := &Store{
		client: client, forms: database.Collection("forms"), versions: database.Collection("versions"), submissions: database.Collection("submissions"),
		counters: database.Collection("counters"), tokens: database.Collection("tokens"), secretStore: database.Collection("secrets"),
	}
	s.plain = newLanes(2, s.insertBatch)    // two at once keep the server busy while one waits for the disks
	s.claiming = newLanes(1, s.insertTaken) // transactions on the same counters would only undo each other
	return s
}

// prepare checks the server and makes the indexes.
func (s *Store) prepare(ctx context.Context, hosts string) error {
	var hello struct {
		SetName string `bson:"setName"`
		Message string `bson:"msg"`
	}
	if err := s.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return fmt.Errorf("cannot reach MongoDB at %s: %w; check that it runs and that --store names the right host, user and replica set", hosts, err)
	}
	if hello.SetName == "" && hello.Message != "isdbgrid" {
		return fmt.Errorf("MongoDB at %s is a standalone server, which can lose answers that were acknowledged: start mongod with --replSet rs0, then run once: mongosh --eval 'rs.initiate()'", hosts)
	}
	return s.makeIndexes(ctx)
}

// Ping says whether the primary answers.
func (s *Store) Ping(ctx context.Context) error {
	return translate(ctx, s.client.Ping(ctx, readpref.Primary()))
}

// Close waits for writes under way and releases the connections.
func (s *Store) Close() error {
	s.plain.close()
	s.claiming.close()
	err := s.client.Disconnect(context.Background())
	if err == mongo.ErrClientDisconnected {
		return nil
	}
	return err
}

func stamp(t time.Time) bson.DateTime { return bson.DateTime(t.UnixMilli()) }

func instant(t bson.DateTime) time.Time { return time.UnixMilli(int64(t)).UTC() }
