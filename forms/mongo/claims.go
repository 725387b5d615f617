package mongo

import (
	"context"
	"errors"
	"slices"

	"guichet/forms"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

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
