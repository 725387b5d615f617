package mongo

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"time"

	"guichet/forms"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type formDocument struct {
	Slug     string        `bson:"_id"`
	State    forms.State   `bson:"state"`
	Version  int           `bson:"version"`
	Revision int64         `bson:"revision"`
	Created  bson.DateTime `bson:"created"`
	Updated  bson.DateTime `bson:"updated"`
}

func (d formDocument) form() forms.Form {
	return forms.Form{Slug: d.Slug, State: d.State, Version: d.Version, Revision: d.Revision, Created: instant(d.Created), Updated: instant(d.Updated)}
}

type versionDocument struct {
	Form      string        `bson:"form"`
	Number    int           `bson:"number"`
	SHA256    string        `bson:"sha256"`
	Bytes     []byte        `bson:"bytes"`
	Published bson.DateTime `bson:"published"`
}

// Publish implements forms.Store.
func (s *Store) Publish(ctx context.Context, form forms.Form, version forms.Version, counted []string) error {
	err := s.transact(ctx, func(ctx context.Context) error {
		if err := s.putForm(ctx, form, form.Version == 1); err != nil {
			return err
		}
		document := versionDocument{version.Form, version.Number, version.SHA256, version.Bytes, stamp(version.Published)}
		if _, err := s.versions.InsertOne(ctx, document); err != nil {
			return err
		}
		return s.recount(ctx, form.Slug, counted)
	})
	if mongo.IsDuplicateKeyError(err) {
		return forms.ErrStale
	}
	return translate(ctx, err)
}

// SetForm implements forms.Store.
func (s *Store) SetForm(ctx context.Context, form forms.Form) error {
	return translate(ctx, s.putForm(ctx, form, false))
}

// putForm writes a form over its previous revision, or as a new one.
func (s *Store) putForm(ctx context.Context, form forms.Form, fresh bool) error {
	if fresh {
		_, err := s.forms.InsertOne(ctx, formDocument{form.Slug, form.State, form.Version, form.Revision, stamp(form.Created), stamp(form.Updated)})
		return err
	}
	changes := bson.D{{Key: "state", Value: form.State}, {Key: "version", Value: form.Version}, {Key: "revision", Value: form.Revision}, {Key: "updated", Value: stamp(form.Updated)}}
	result, err := s.forms.UpdateOne(ctx, bson.D{{Key: "_id", Value: form.Slug}, {Key: "revision", Value: form.Revision - 1}}, bson.D{{Key: "$set", Value: changes}})
	if err == nil && result.MatchedCount == 0 {
		return forms.ErrStale
	}
	return err
}

// recount sets the counters of a form anew from its confirmed submissions. Submissions that take no counted place are not held back
// meanwhile: those under way while a first limit is published are not in it.
func (s *Store) recount(ctx context.Context, slug string, counted []string) error {
	if _, err := s.counters.DeleteMany(ctx, bson.D{{Key: "form", Value: slug}}); err != nil || len(counted) == 0 {
		return err
	}
	fresh := make([]any, len(counted))
	for i, name := range counted {
		taken, err := s.submissions.CountDocuments(ctx, bson.D{{Key: "form", Value: slug}, {Key: "status", Value: forms.Confirmed}, {Key: "places", Value: name}})
		if err != nil {
			return err
		}
		fresh[i] = counterDocument{slug, name, int(taken)}
	}
	_, err := s.counters.InsertMany(ctx, fresh)
	return err
}

// limit is how long a write is tried again.
const limit = 10 * time.Second

// transact runs writes as one, again where another came between. A commit whose outcome is unknown is repeated: that is harmless.
func (s *Store) transact(ctx context.Context, run func(context.Context) error) error {
	session, err := s.client.StartSession()
	if err != nil {
		return err
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	bound := mongo.NewSessionContext(ctx, session)
	looked := time.Now()
	deadline := looked.Add(limit)
	for pause := time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		if err := session.StartTransaction(); err != nil {
			return err
		}
		if err = run(bound); err != nil {
			_ = session.AbortTransaction(context.WithoutCancel(ctx)) // the server forgets it by itself otherwise
		} else {
			err = commit(bound, session, deadline)
		}
		if err == nil || !retryable(err) || time.Now().After(deadline) {
			return err
		}
		if time.Since(looked) > orphaned {
			s.endOrphans(ctx)
			looked = time.Now()
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)): // not in step with the other process
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func commit(ctx context.Context, session *mongo.Session, deadline time.Time) error {
	for {
		err := session.CommitTransaction(ctx)
		var server mongo.ServerError
		unknown := errors.As(err, &server) && server.HasErrorLabel("UnknownTransactionCommitResult")
		if !unknown || ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
	}
}

// Form implements forms.Store.
func (s *Store) Form(ctx context.Context, slug string) (forms.Form, error) {
	var document formDocument
	err := s.forms.FindOne(ctx, bson.D{{Key: "_id", Value: slug}}).Decode(&document)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return forms.Form{}, missingForm(slug)
	}
	if err != nil {
		return forms.Form{}, translate(ctx, err)
	}
	return document.form(), nil
}

func missingForm(slug string) error {
	return forms.Missing("Il n’y a pas de formulaire «\u00a0%s\u00a0».", "There is no form “%s”.", slug)
}

// Forms implements forms.Store.
func (s *Store) Forms(ctx context.Context) iter.Seq2[forms.Form, error] {
	find := func(ctx context.Context) (*mongo.Cursor, error) {
		return s.forms.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	}
	return each(ctx, s.client, find, func(d formDocument) (forms.Form, error) { return d.form(), nil })
}

// Version implements forms.Store.
func (s *Store) Version(ctx context.Context, slug string, number int) (forms.Version, error) {
	var d versionDocument
	err := s.versions.FindOne(ctx, bson.D{{Key: "form", Value: slug}, {Key: "number", Value: number}}).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return forms.Version{}, forms.Missing("Le formulaire «\u00a0%s\u00a0» n’a pas de version %d.", "The form “%s” has no version %d.", slug, number)
	}
	if err != nil {
		return forms.Version{}, translate(ctx, err)
	}
	return forms.Version{Form: d.Form, Number: d.Number, SHA256: d.SHA256, Bytes: d.Bytes, Published: instant(d.Published)}, nil
}

// each gives what a cursor finds in one snapshot of the database. The cursor and its session end with the loop, early or not.
func each[D, T any](ctx context.Context, client *mongo.Client, find func(context.Context) (*mongo.Cursor, error), read func(D) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		session, err := client.StartSession(options.Session().SetSnapshot(true))
		if err != nil {
			yield(zero, translate(ctx, err))
			return
		}
		defer session.EndSession(context.WithoutCancel(ctx))
		cursor, err := find(mongo.NewSessionContext(ctx, session))
		if err != nil {
			yield(zero, translate(ctx, err))
			return
		}
		defer cursor.Close(context.WithoutCancel(ctx))
		for cursor.Next(ctx) {
			var document D
			err := cursor.Decode(&document)
			value := zero
			if err == nil {
				value, err = read(document)
			}
			if err != nil {
				yield(zero, translate(ctx, err))
				return
			}
			if !yield(value, nil) {
				return
			}
		}
		if err := cursor.Err(); err != nil {
			yield(zero, translate(ctx, err))
		}
	}
}
