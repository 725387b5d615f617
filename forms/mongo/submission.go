package mongo

import (
	"context"
	"errors"
	"iter"
	"time"

	"guichet/forms"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

type submissionDocument struct {
	ID         string        `bson:"_id"`
	Form       string        `bson:"form"`
	Version    int           `bson:"version"`
	Reference  string        `bson:"reference"`
	Status     forms.Status  `bson:"status"`
	Language   string        `bson:"language"`
	Created    bson.DateTime `bson:"created"`
	Updated    bson.DateTime `bson:"updated"`
	Generation int           `bson:"generation"`
	Key        string        `bson:"key,omitempty"`
	Digest     string        `bson:"digest"`
	Places     []string      `bson:"places"`
	Answers    bson.D        `bson:"answers"`
}

type counterDocument struct {
	Form  string `bson:"form"`
	Name  string `bson:"name"`
	Taken int    `bson:"taken"`
}

func newDocument(s forms.Submission) (submissionDocument, error) {
	answers, err := toBSON(s.Answers)
	if s.Places == nil {
		s.Places = []string{}
	}
	return submissionDocument{s.ID, s.Form, s.Version, s.Reference, s.Status, s.Language, stamp(s.Created), stamp(s.Updated), s.Generation, s.Key, s.Digest, s.Places, answers}, err
}

func readSubmission(raw bson.Raw) (forms.Submission, error) {
	var d submissionDocument
	if err := bson.Unmarshal(raw, &d); err != nil {
		return forms.Submission{}, err
	}
	answers, err := appendValue(nil, raw.Lookup("answers"))
	if err != nil {
		return forms.Submission{}, err
	}
	return forms.Submission{
		ID: d.ID, Form: d.Form, Version: d.Version, Reference: d.Reference, Status: d.Status, Language: d.Language, Created: instant(d.Created), Updated: instant(d.Updated),
		Generation: d.Generation, Key: d.Key, Digest: d.Digest, Places: d.Places, Answers: answers,
	}, nil
}

// CreateSubmission implements forms.Store.
func (s *Store) CreateSubmission(ctx context.Context, submission forms.Submission, revision int64, claims []forms.Claim) (forms.Submission, bool, error) {
	lane := s.plain
	if len(claims) > 0 {
		lane = s.claiming
	}
	document, err := newDocument(submission)
	if err != nil {
		return forms.Submission{}, false, err
	}
	job := &intake{submission: submission.Rounded(), document: document, revision: revision, claims: claims, size: len(submission.Answers), ready: make(chan struct{})}
	if err := lane.add(ctx, job); err != nil {
		return forms.Submission{}, false, translate(ctx, err)
	}
	select {
	case <-job.ready:
	case <-ctx.Done():
		return forms.Submission{}, false, ctx.Err()
	}
	if job.err != nil {
		return forms.Submission{}, false, translate(ctx, job.err)
	}
	return job.stored, job.kept, nil
}

// Submission implements forms.Store.
func (s *Store) Submission(ctx context.Context, slug, id string) (forms.Submission, error) {
	submission, err := s.one(ctx, bson.D{{Key: "_id", Value: id}, {Key: "form", Value: slug}})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return forms.Submission{}, missingSubmission()
	}
	return submission, translate(ctx, err)
}

func (s *Store) one(ctx context.Context, filter bson.D) (forms.Submission, error) {
	raw, err := s.submissions.FindOne(ctx, filter).Raw()
	if err != nil {
		return forms.Submission{}, err
	}
	return readSubmission(raw)
}

func missingSubmission() error {
	return forms.Missing("Cette inscription n’existe pas.", "There is no such submission.")
}

// CancelSubmission implements forms.Store.
func (s *Store) CancelSubmission(ctx context.Context, slug, id string, at time.Time) (forms.Submission, error) {
	var cancelled forms.Submission
	err := s.transact(ctx, func(ctx context.Context) error {
		found, err := s.one(ctx, bson.D{{Key: "_id", Value: id}, {Key: "form", Value: slug}})
		if errors.Is(err, mongo.ErrNoDocuments) {
			return missingSubmission()
		}
		cancelled = found
		if err != nil || found.Status == forms.Cancelled {
			return err
		}
		cancelled.Status, cancelled.Updated = forms.Cancelled, instant(stamp(at))
		changes := bson.D{{Key: "$set", Value: bson.D{{Key: "status", Value: forms.Cancelled}, {Key: "updated", Value: stamp(at)}}}}
		if _, err := s.submissions.UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, changes); err != nil || found.Status != forms.Confirmed {
			return err
		}
		taken := bson.D{{Key: "form", Value: slug}, {Key: "name", Value: bson.D{{Key: "$in", Value: found.Places}}}, {Key: "taken", Value: bson.D{{Key: "$gt", Value: 0}}}}
		_, err = s.counters.UpdateMany(ctx, taken, bson.D{{Key: "$inc", Value: bson.D{{Key: "taken", Value: -1}}}})
		return err
	})
	if err != nil {
		return forms.Submission{}, translate(ctx, err)
	}
	return cancelled, nil
}

// Submissions implements forms.Store.
func (s *Store) Submissions(ctx context.Context, query forms.Query) iter.Seq2[forms.Submission, error] {
	filter := bson.D{{Key: "form", Value: query.Form}}
	if len(query.Statuses) > 0 {
		filter = append(filter, bson.E{Key: "status", Value: bson.D{{Key: "$in", Value: query.Statuses}}})
	}
	if query.After != (forms.Cursor{}) {
		created := stamp(query.After.Created)
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "created", Value: bson.D{{Key: "$gt", Value: created}}}},
			bson.D{{Key: "created", Value: created}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: query.After.ID}}}},
		}})
	}
	how := options.Find().SetSort(bson.D{{Key: "created", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(query.Limit)).SetBatchSize(2000)
	find := func(ctx context.Context) (*mongo.Cursor, error) { return s.submissions.Find(ctx, filter, how) }
	return each(ctx, s.client, find, readSubmission)
}

// Taken implements forms.Store.
func (s *Store) Taken(ctx context.Context, slug string) (map[string]int, error) {
	return s.taken(ctx, bson.D{{Key: "form", Value: slug}})
}

func (s *Store) taken(ctx context.Context, filter bson.D) (map[string]int, error) {
	cursor, err := s.counters.Find(ctx, filter)
	if err != nil {
		return nil, translate(ctx, err)
	}
	var documents []counterDocument
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, translate(ctx, err)
	}
	taken := map[string]int{}
	for _, d := range documents {
		taken[d.Name] = d.Taken
	}
	return taken, nil
}
