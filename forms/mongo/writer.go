package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"guichet/forms"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// insertBatch writes submissions of one form that take no limited place: one insert for all, no transaction. The form is read just
// before, so that a closing which was acknowledged binds.
func (s *Store) insertBatch(ctx context.Context, batch []*intake) {
	form, err := s.Form(ctx, batch[0].submission.Form)
	if err != nil {
		failAll(batch, err)
		return
	}
	var fresh []*intake
	for _, one := range batch {
		if one.revision == form.Revision {
			fresh = append(fresh, one)
			continue
		}
		s.refuse(ctx, one, forms.ErrStale)
	}
	deadline := time.Now().Add(limit)
	for len(fresh) > 0 {
		var unknown error
		fresh, unknown = s.insertOnce(ctx, fresh)
		if unknown != nil {
			fresh = s.settle(ctx, fresh, unknown, deadline)
		}
	}
}

// refuse says why a submission is not kept, unless it was kept earlier: the key decides first.
func (s *Store) refuse(ctx context.Context, one *intake, why error) {
	earlier, found, err := s.repeated(ctx, one.submission)
	switch {
	case err != nil:
		one.fail(err)
	case found:
		one.repeat(earlier)
	default:
		one.fail(why)
	}
}

// insertOnce inserts submissions and gives those to try again; unknown is the error of an insert whose outcome nobody knows.
func (s *Store) insertOnce(ctx context.Context, batch []*intake) (again []*intake, unknown error) {
	documents := make([]any, len(batch))
	for i, one := range batch {
		documents[i] = one.document
	}
	_, err := s.submissions.InsertMany(ctx, documents, options.InsertMany().SetOrdered(false))
	var bulk mongo.BulkWriteException
	if err != nil && (!errors.As(err, &bulk) || bulk.WriteConcernError != nil) {
		return batch, err
	}
	refused := map[int]mongo.BulkWriteError{}
	for _, refusal := range bulk.WriteErrors {
		refused[refusal.Index] = refusal
	}
	for i, one := range batch {
		refusal, bad := refused[i]
		switch {
		case !bad:
			one.keep()
		case s.resolve(ctx, one, refusal.Raw, refusal):
			again = append(again, one)
		}
	}
	return again, nil
}

// resolve settles a submission that the server refused, and says whether to try it again.
func (s *Store) resolve(ctx context.Context, one *intake, raw bson.Raw, refusal error) (again bool) {
	switch duplicated(raw) {
	case "_id": // ours, from an attempt whose reply was lost
		one.keep()
	case "reference":
		s.refuse(ctx, one, forms.ErrReferenceTaken)
	case "key":
		earlier, found, err := s.repeated(ctx, one.submission)
		switch {
		case err != nil:
			one.fail(err)
		case found:
			one.repeat(earlier)
		default:
			if err := s.releaseKey(ctx, one.submission); err != nil {
				one.fail(err)
				return false
			}
			return true
		}
	default:
		one.fail(refusal)
	}
	return false
}

// repeated gives the submission with the same key that is young enough to stand for this one.
func (s *Store) repeated(ctx context.Context, submission forms.Submission) (forms.Submission, bool, error) {
	if submission.Key == "" {
		return forms.Submission{}, false, nil
	}
	young := bson.D{{Key: "$gt", Value: stamp(submission.Created.Add(-forms.KeyLife))}}
	earlier, err := s.one(ctx, bson.D{{Key: "form", Value: submission.Form}, {Key: "key", Value: submission.Key}, {Key: "created", Value: young}})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return forms.Submission{}, false, nil
	}
	return earlier, err == nil, err
}

// releaseKey takes its key from the submission that is too old for it.
func (s *Store) releaseKey(ctx context.Context, submission forms.Submission) error {
	old := bson.D{{Key: "$lte", Value: stamp(submission.Created.Add(-forms.KeyLife))}}
	filter := bson.D{{Key: "form", Value: submission.Form}, {Key: "key", Value: submission.Key}, {Key: "created", Value: old}}
	_, err := s.submissions.UpdateOne(ctx, filter, bson.D{{Key: "$unset", Value: bson.D{{Key: "key", Value: ""}}}})
	return err
}

// settle finds out which submissions of an insert with an unknown outcome are kept, by reading them with majority, and gives the
// others to be tried again while there is time.
func (s *Store) settle(ctx context.Context, batch []*intake, unknown error, deadline time.Time) (again []*intake) {
	if !retryable(unknown) {
		failAll(batch, unknown)
		return nil
	}
	select {
	case <-time.After(20*time.Millisecond + rand.N(20*time.Millisecond)):
	case <-ctx.Done():
	}
	kept, err := s.present(ctx, batch)
	if err != nil {
		failAll(batch, err)
		return nil
	}
	for _, one := range batch {
		switch {
		case kept[one.submission.ID]:
			one.keep()
		case time.Now().After(deadline):
			one.fail(forms.Unreachable(unknown))
		default:
			again = append(again, one)
		}
	}
	return again
}

func (s *Store) present(ctx context.Context, batch []*intake) (map[string]bool, error) {
	var ids []string
	for _, one := range batch {
		ids = append(ids, one.submission.ID)
	}
	cursor, err := s.submissions.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, err
	}
	var found []struct {
		ID string `bson:"_id"`
	}
	if err := cursor.All(ctx, &found); err != nil {
		return nil, err
	}
	kept := map[string]bool{}
	for _, one := range found {
		kept[one.ID] = true
	}
	return kept, nil
}
