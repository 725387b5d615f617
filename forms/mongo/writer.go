package mongo

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
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
		s.refuseStale(ctx, one)
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

// refuseStale answers a submission of an older revision: it may have been kept earlier.
func (s *Store) refuseStale(ctx context.Context, one *intake) {
	earlier, found, err := s.repeated(ctx, one.submission)
	switch {
	case err != nil:
		one.fail(err)
	case found:
		one.repeat(earlier)
	default:
		one.fail(forms.ErrStale)
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
		earlier, found, err := s.repeated(ctx, one.submission) // the key decides first
		switch {
		case err != nil:
			one.fail(err)
		case found:
			one.repeat(earlier)
		default:
			one.fail(forms.ErrReferenceTaken)
		}
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

// insertTaken writes submissions of one form that take limited places, all in one transaction that reads the form and the counters,
// decides who fits, and writes. Where two of them stand against each other it is done again one by one.
func (s *Store) insertTaken(ctx context.Context, batch []*intake) {
	err := s.transact(ctx, func(ctx context.Context) error { return s.decide(ctx, batch) })
	var missing *forms.Error
	switch {
	case err == nil:
	case errors.As(err, &missing):
		failAll(batch, err)
	case mongo.IsDuplicateKeyError(err) && len(batch) > 1:
		for _, one := range batch {
			s.insertTaken(ctx, []*intake{one})
		}
	case mongo.IsDuplicateKeyError(err):
		s.resolveTaken(ctx, batch[0], err)
	default:
		s.settleTaken(ctx, batch, err)
	}
}

// resolveTaken settles a single submission that stands against one that is kept.
func (s *Store) resolveTaken(ctx context.Context, one *intake, refusal error) {
	earlier, found, err := s.repeated(ctx, one.submission)
	kept, presentErr := s.present(ctx, []*intake{one})
	switch {
	case err != nil, presentErr != nil:
		one.fail(errors.Join(err, presentErr))
	case kept[one.submission.ID]:
		one.keep()
	case found:
		one.repeat(earlier)
	default:
		one.fail(forms.ErrReferenceTaken)
	}
}

// settleTaken finds out whether a transaction with an unknown outcome was committed: then all it decided to keep is there.
func (s *Store) settleTaken(ctx context.Context, batch []*intake, unknown error) {
	kept, err := s.present(ctx, batch)
	for _, one := range batch {
		switch {
		case err == nil && kept[one.submission.ID]:
			one.err = nil
			one.keep()
		case isOutage(unknown):
			one.fail(forms.Unreachable(unknown))
		default:
			one.fail(unknown)
		}
	}
}

// decide runs in a transaction, perhaps more than once: it sets every outcome anew.
func (s *Store) decide(ctx context.Context, batch []*intake) error {
	slug := batch[0].submission.Form
	var form formDocument
	if err := s.forms.FindOne(ctx, bson.D{{Key: "_id", Value: slug}}).Decode(&form); errors.Is(err, mongo.ErrNoDocuments) {
		return missingForm(slug)
	} else if err != nil {
		return err
	}
	taken, err := s.counted(ctx, slug, batch)
	if err != nil {
		return err
	}
	before := map[string]int{}
	for name, n := range taken {
		before[name] = n
	}
	keyed, err := s.keyed(ctx, slug, batch)
	if err != nil {
		return err
	}
	var documents []any
	for _, one := range batch {
		one.stored, one.kept, one.err = forms.Submission{}, false, nil
		earlier, repeated := keyed[one.submission.Key]
		young := repeated && earlier.Created.After(one.submission.Created.Add(-forms.KeyLife))
		switch {
		case young:
			one.repeat(earlier)
			continue
		case one.revision != form.Revision:
			one.fail(forms.ErrStale)
			continue
		}
		if full := take(taken, one.claims); full != nil {
			one.fail(&forms.Error{Code: forms.Full, Names: full})
			continue
		}
		if repeated {
			if err := s.releaseKey(ctx, one.submission); err != nil {
				return err
			}
		}
		if one.submission.Key != "" {
			keyed[one.submission.Key] = one.submission // its twin may be in this batch
		}
		one.keep()
		documents = append(documents, one.document)
	}
	if len(documents) == 0 {
		return nil
	}
	if err := s.count(ctx, slug, before, taken); err != nil {
		return err
	}
	_, err = s.submissions.InsertMany(ctx, documents)
	return err
}

// counted reads the counters that a batch claims.
func (s *Store) counted(ctx context.Context, slug string, batch []*intake) (map[string]int, error) {
	var names []string
	for _, one := range batch {
		for _, claim := range one.claims {
			if !slices.Contains(names, claim.Name) {
				names = append(names, claim.Name)
			}
		}
	}
	cursor, err := s.counters.Find(ctx, bson.D{{Key: "form", Value: slug}, {Key: "name", Value: bson.D{{Key: "$in", Value: names}}}})
	if err != nil {
		return nil, err
	}
	var documents []counterDocument
	if err := cursor.All(ctx, &documents); err != nil {
		return nil, err
	}
	taken := map[string]int{}
	for _, d := range documents {
		taken[d.Name] = d.Taken
	}
	return taken, nil
}

// keyed gives the submissions that are kept under the keys of a batch.
func (s *Store) keyed(ctx context.Context, slug string, batch []*intake) (map[string]forms.Submission, error) {
	found := map[string]forms.Submission{}
	var keys []string
	for _, one := range batch {
		if one.submission.Key != "" {
			keys = append(keys, one.submission.Key)
		}
	}
	if len(keys) == 0 {
		return found, nil
	}
	cursor, err := s.submissions.Find(ctx, bson.D{{Key: "form", Value: slug}, {Key: "key", Value: bson.D{{Key: "$in", Value: keys}}}})
	if err != nil {
		return nil, err
	}
	defer cursor.Close(context.WithoutCancel(ctx))
	for cursor.Next(ctx) {
		submission, err := readSubmission(cursor.Current)
		if err != nil {
			return nil, err
		}
		found[submission.Key] = submission
	}
	return found, cursor.Err()
}

// take takes one place of each claim, or none and says which have none left.
func take(taken map[string]int, claims []forms.Claim) (full []string) {
	for _, claim := range claims {
		if taken[claim.Name] >= claim.Limit {
			full = append(full, claim.Name)
		}
	}
	if full == nil {
		for _, claim := range claims {
			taken[claim.Name]++
		}
	}
	return full
}

// count writes the counters that changed.
func (s *Store) count(ctx context.Context, slug string, before, after map[string]int) error {
	var updates []mongo.WriteModel
	for name, n := range after {
		if n != before[name] {
			filter := bson.D{{Key: "form", Value: slug}, {Key: "name", Value: name}}
			updates = append(updates, mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(bson.D{{Key: "$inc", Value: bson.D{{Key: "taken", Value: n - before[name]}}}}).SetUpsert(true))
		}
	}
	_, err := s.counters.BulkWrite(ctx, updates)
	return err
}
