package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"iter"

	"guichet/forms"
)

const formColumns = "slug, state, version, revision, created, updated"

// Publish implements forms.Store.
func (s *Store) Publish(ctx context.Context, form forms.Form, version forms.Version, counted []string) error {
	return s.writes.do(ctx, func(tx *transaction) error {
		if err := tx.writeCounters(); err != nil {
			return err
		}
		return tx.whole(func() error {
			if err := tx.putForm(form, form.Version == 1); err != nil {
				return err
			}
			if err := tx.exec(tx.ctx, "INSERT INTO versions (form, number, sha256, bytes, published) VALUES (?, ?, ?, ?, ?)",
				version.Form, version.Number, version.SHA256, version.Bytes, millis(version.Published)); err != nil {
				return err
			}
			return tx.recount(form.Slug, counted)
		})
	})
}

// SetForm implements forms.Store.
func (s *Store) SetForm(ctx context.Context, form forms.Form) error {
	return s.writes.do(ctx, func(tx *transaction) error { return tx.putForm(form, false) })
}

// putForm writes a form over its previous revision, or as a new one.
func (tx *transaction) putForm(form forms.Form, fresh bool) error {
	delete(tx.revisions, form.Slug)
	var changed int64
	var err error
	if fresh {
		changed, err = tx.run(tx.ctx, "INSERT INTO forms ("+formColumns+") VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			form.Slug, form.State, form.Version, form.Revision, millis(form.Created), millis(form.Updated))
	} else {
		changed, err = tx.run(tx.ctx, "UPDATE forms SET state = ?, version = ?, revision = ?, updated = ? WHERE slug = ? AND revision = ?",
			form.State, form.Version, form.Revision, millis(form.Updated), form.Slug, form.Revision-1)
	}
	if err == nil && changed == 0 {
		return forms.ErrStale
	}
	return err
}

// recount sets the counters of a form anew from its confirmed submissions.
func (tx *transaction) recount(slug string, counted []string) error {
	if err := tx.exec(tx.ctx, "DELETE FROM counters WHERE form = ?", slug); err != nil {
		return err
	}
	for _, name := range counted {
		err := tx.exec(tx.ctx, `INSERT INTO counters (form, name, taken) SELECT ?1, ?2, count(*) FROM submissions
			WHERE form = ?1 AND status = 'confirmed' AND EXISTS (SELECT 1 FROM json_each(places) WHERE value = ?2)`, slug, name)
		if err != nil {
			return err
		}
	}
	return nil
}

// Form implements forms.Store.
func (s *Store) Form(ctx context.Context, slug string) (forms.Form, error) {
	form, err := scanForm(s.reads.QueryRowContext(ctx, "SELECT "+formColumns+" FROM forms WHERE slug = ?", slug))
	if errors.Is(err, sql.ErrNoRows) {
		return forms.Form{}, missingForm(slug)
	}
	return form, translate(err)
}

func missingForm(slug string) error {
	return forms.Missing("Il n’y a pas de formulaire «\u00a0%s\u00a0».", "There is no form “%s”.", slug)
}

// row is what both *sql.Row and *sql.Rows do.
type row interface{ Scan(...any) error }

func scanForm(r row) (forms.Form, error) {
	var form forms.Form
	var created, updated int64
	err := r.Scan(&form.Slug, &form.State, &form.Version, &form.Revision, &created, &updated)
	form.Created, form.Updated = instant(created), instant(updated)
	return form, err
}

// Forms implements forms.Store.
func (s *Store) Forms(ctx context.Context) iter.Seq2[forms.Form, error] {
	return each(ctx, s.reads, scanForm, "SELECT "+formColumns+" FROM forms ORDER BY slug")
}

// Version implements forms.Store.
func (s *Store) Version(ctx context.Context, slug string, number int) (forms.Version, error) {
	var version forms.Version
	var published int64
	err := s.reads.QueryRowContext(ctx, "SELECT form, number, sha256, bytes, published FROM versions WHERE form = ? AND number = ?", slug, number).
		Scan(&version.Form, &version.Number, &version.SHA256, &version.Bytes, &published)
	if errors.Is(err, sql.ErrNoRows) {
		return forms.Version{}, forms.Missing("Le formulaire «\u00a0%s\u00a0» n’a pas de version %d.", "The form “%s” has no version %d.", slug, number)
	}
	version.Published = instant(published)
	return version, translate(err)
}

// each gives the rows of one SELECT, which is one snapshot. The rows are released when the loop ends, early or not.
func each[T any](ctx context.Context, db *sql.DB, scan func(row) (T, error), query string, args ...any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		rows, err := db.QueryContext(ctx, query, args...)
		if err != nil {
			yield(zero, translate(err))
			return
		}
		defer rows.Close()
		for rows.Next() {
			value, err := scan(rows)
			if err != nil {
				yield(zero, translate(err))
				return
			}
			if !yield(value, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(zero, translate(err))
		}
	}
}
