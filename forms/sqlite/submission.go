package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"iter"
	"strings"
	"time"

	"guichet/forms"
)

const submissionColumns = "id, form, version, reference, status, language, created, updated, generation, key, digest, places, answers"

// CreateSubmission implements forms.Store.
func (s *Store) CreateSubmission(ctx context.Context, submission forms.Submission, revision int64, claims []forms.Claim) (forms.Submission, bool, error) {
	var stored forms.Submission
	var kept bool
	err := s.writes.do(ctx, func(tx *transaction) error {
		var err error
		stored, kept, err = tx.create(submission, revision, claims)
		return err
	})
	if err != nil {
		return forms.Submission{}, false, err // and not stored: the writer may be setting it just now
	}
	return stored, kept, nil
}

func (tx *transaction) create(submission forms.Submission, revision int64, claims []forms.Claim) (stored forms.Submission, kept bool, err error) {
	current, err := tx.revision(submission.Form)
	if err != nil {
		return stored, false, err
	}
	if current != revision {
		if earlier, found, err := tx.repeated(submission); found || err != nil {
			return earlier, false, err
		}
		return stored, false, forms.ErrStale
	}
	taken, err := tx.taken(submission.Form, len(claims) > 0)
	if err != nil {
		return stored, false, err
	}
	if full := without(taken, claims); full != nil {
		if earlier, found, err := tx.repeated(submission); found || err != nil {
			return earlier, false, err
		}
		return stored, false, &forms.Error{Code: forms.Full, Names: full}
	}
	if stored, kept, err = tx.insert(submission); kept {
		for _, claim := range claims {
			taken[claim.Name]++
		}
	}
	return stored, kept, err
}

// revision gives the form's revision, read once in a transaction.
func (tx *transaction) revision(slug string) (int64, error) {
	if revision, known := tx.revisions[slug]; known {
		return revision, nil
	}
	statement, err := tx.prepare(tx.ctx, "SELECT revision FROM forms WHERE slug = ?")
	if err != nil {
		return 0, err
	}
	var revision int64
	err = statement.QueryRowContext(tx.ctx, slug).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, missingForm(slug)
	}
	if err == nil {
		tx.revisions[slug] = revision
	}
	return revision, err
}

// insert keeps a submission, or says what stands against it.
func (tx *transaction) insert(submission forms.Submission) (stored forms.Submission, kept bool, err error) {
	if submission.Places == nil {
		submission.Places = []string{}
	}
	places, err := json.Marshal(submission.Places)
	if err != nil {
		return stored, false, err
	}
	for range 2 {
		inserted, err := tx.run(tx.ctx, "INSERT INTO submissions ("+submissionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			submission.ID, submission.Form, submission.Version, submission.Reference, submission.Status, submission.Language,
			millis(submission.Created), millis(submission.Updated), submission.Generation,
			sql.NullString{String: submission.Key, Valid: submission.Key != ""}, submission.Digest, string(places), string(submission.Answers))
		if err != nil {
			return stored, false, err
		}
		if inserted == 1 {
			return submission.Rounded(), true, nil
		}
		if earlier, found, err := tx.repeated(submission); found || err != nil {
			return earlier, false, err
		}
		released, err := tx.run(tx.ctx, "UPDATE submissions SET key = NULL WHERE form = ? AND key = ?", submission.Form, submission.Key)
		if err != nil {
			return stored, false, err
		}
		if released == 0 {
			break
		}
	}
	return stored, false, forms.ErrReferenceTaken
}

// repeated gives the submission with the same key that is young enough to stand for this one.
func (tx *transaction) repeated(submission forms.Submission) (earlier forms.Submission, found bool, err error) {
	if submission.Key == "" {
		return earlier, false, nil
	}
	statement, err := tx.prepare(tx.ctx, "SELECT "+submissionColumns+" FROM submissions WHERE form = ? AND key = ? AND created > ?")
	if err != nil {
		return earlier, false, err
	}
	earlier, err = scanSubmission(statement.QueryRowContext(tx.ctx, submission.Form, submission.Key, millis(submission.Created.Add(-forms.KeyLife))))
	if errors.Is(err, sql.ErrNoRows) {
		return forms.Submission{}, false, nil
	}
	return earlier, err == nil, err
}

// CancelSubmission implements forms.Store.
func (s *Store) CancelSubmission(ctx context.Context, slug, id string, at time.Time) (forms.Submission, error) {
	var cancelled forms.Submission
	err := s.writes.do(ctx, func(tx *transaction) error {
		if err := tx.writeCounters(); err != nil {
			return err
		}
		return tx.whole(func() error {
			found, err := scanSubmission(tx.conn.QueryRowContext(tx.ctx, "SELECT "+submissionColumns+" FROM submissions WHERE form = ? AND id = ?", slug, id))
			if errors.Is(err, sql.ErrNoRows) {
				return missingSubmission()
			}
			cancelled = found
			if err != nil || found.Status == forms.Cancelled {
				return err
			}
			cancelled.Status, cancelled.Updated = forms.Cancelled, instant(millis(at))
			if err := tx.exec(tx.ctx, "UPDATE submissions SET status = ?, updated = ? WHERE form = ? AND id = ?", cancelled.Status, millis(at), slug, id); err != nil {
				return err
			}
			if found.Status != forms.Confirmed {
				return nil
			}
			for _, name := range found.Places {
				if err := tx.exec(tx.ctx, "UPDATE counters SET taken = taken - 1 WHERE form = ? AND name = ? AND taken > 0", slug, name); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return forms.Submission{}, err
	}
	return cancelled, nil
}

func missingSubmission() error {
	return forms.Missing("Cette inscription n’existe pas.", "There is no such submission.")
}

// Submission implements forms.Store.
func (s *Store) Submission(ctx context.Context, slug, id string) (forms.Submission, error) {
	submission, err := scanSubmission(s.reads.QueryRowContext(ctx, "SELECT "+submissionColumns+" FROM submissions WHERE form = ? AND id = ?", slug, id))
	if errors.Is(err, sql.ErrNoRows) {
		return forms.Submission{}, missingSubmission()
	}
	return submission, translate(err)
}

// Submissions implements forms.Store.
func (s *Store) Submissions(ctx context.Context, query forms.Query) iter.Seq2[forms.Submission, error] {
	text := strings.Builder{}
	text.WriteString("SELECT " + submissionColumns + " FROM submissions WHERE form = ?")
	args := []any{query.Form}
	if len(query.Statuses) > 0 {
		text.WriteString(" AND status IN (?" + strings.Repeat(", ?", len(query.Statuses)-1) + ")")
		for _, status := range query.Statuses {
			args = append(args, status)
		}
	}
	if query.After != (forms.Cursor{}) {
		text.WriteString(" AND (created, id) > (?, ?)")
		args = append(args, millis(query.After.Created), query.After.ID)
	}
	text.WriteString(" ORDER BY created, id")
	if query.Limit > 0 {
		text.WriteString(" LIMIT ?")
		args = append(args, query.Limit)
	}
	return each(ctx, s.reads, scanSubmission, text.String(), args...)
}

// Taken implements forms.Store.
func (s *Store) Taken(ctx context.Context, slug string) (map[string]int, error) {
	type counter struct {
		name  string
		taken int
	}
	taken := map[string]int{}
	scan := func(r row) (counter, error) {
		var c counter
		err := r.Scan(&c.name, &c.taken)
		return c, err
	}
	for c, err := range each(ctx, s.reads, scan, "SELECT name, taken FROM counters WHERE form = ?", slug) {
		if err != nil {
			return nil, err
		}
		taken[c.name] = c.taken
	}
	return taken, nil
}

func scanSubmission(r row) (forms.Submission, error) {
	var submission forms.Submission
	var created, updated int64
	var key sql.NullString
	var places, answers string
	err := r.Scan(&submission.ID, &submission.Form, &submission.Version, &submission.Reference, &submission.Status, &submission.Language,
		&created, &updated, &submission.Generation, &key, &submission.Digest, &places, &answers)
	if err != nil {
		return forms.Submission{}, err
	}
	submission.Created, submission.Updated = instant(created), instant(updated)
	submission.Key, submission.Answers = key.String, json.RawMessage(answers)
	return submission, json.Unmarshal([]byte(places), &submission.Places)
}
