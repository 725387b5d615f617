package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
)

// orphaned is how long a transaction of ours may do nothing before it counts as left behind. One that is alive waits for the network
// only; should it be ended by mistake, its process begins it again.
const orphaned = time.Second

// endOrphans ends transactions that a process of ours left open when it was killed. MongoDB keeps their locks for a minute otherwise, and
// nobody could take a place meanwhile. A user may see and end his own without further rights.
func (s *Store) endOrphans(ctx context.Context) {
	admin := s.client.Database("admin", options.Database().SetReadConcern(readconcern.Local())) // the one that $currentOp takes
	own := bson.D{{Key: "$currentOp", Value: bson.D{{Key: "allUsers", Value: false}, {Key: "idleSessions", Value: true}}}}
	left := bson.D{{Key: "$match", Value: bson.D{
		{Key: "type", Value: "idleSession"}, {Key: "appName", Value: appName}, {Key: "transaction.timeInactiveMicros", Value: bson.D{{Key: "$gt", Value: orphaned.Microseconds()}}},
	}}}
	cursor, err := admin.Aggregate(ctx, bson.A{own, left})
	if err != nil {
		return // the write that waits goes on trying, and says what stops it
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		session := bson.D{{Key: "id", Value: cursor.Current.Lookup("lsid", "id")}}
		_ = admin.RunCommand(ctx, bson.D{{Key: "killSessions", Value: bson.A{session}}}).Err()
	}
}
