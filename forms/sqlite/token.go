package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"guichet/forms"
)

// CreateToken implements forms.Store.
func (s *Store) CreateToken(ctx context.Context, token forms.Token) error {
	return s.writes.do(ctx, func(tx *transaction) error {
		return tx.exec(tx.ctx, "INSERT OR REPLACE INTO tokens (hash, form, scope, list, format, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
			token.Hash, token.Form, token.Scope, token.List, token.Format, millis(token.Created), millis(token.Expires))
	})
}

// Token implements forms.Store.
func (s *Store) Token(ctx context.Context, hash string) (forms.Token, error) {
	var token forms.Token
	var created, expires int64
	err := s.reads.QueryRowContext(ctx, "SELECT hash, form, scope, list, format, created, expires FROM tokens WHERE hash = ?", hash).
		Scan(&token.Hash, &token.Form, &token.Scope, &token.List, &token.Format, &created, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return forms.Token{}, forms.Missing("Ce jeton n’existe pas.", "There is no such token.")
	}
	token.Created, token.Expires = instant(created), instant(expires)
	return token, translate(err)
}

// Secret implements forms.Store.
func (s *Store) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	var value []byte
	err := s.writes.do(ctx, func(tx *transaction) error {
		if err := tx.exec(tx.ctx, "INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", name, fresh); err != nil {
			return err
		}
		return tx.conn.QueryRowContext(tx.ctx, "SELECT value FROM secrets WHERE name = ?", name).Scan(&value)
	})
	if err != nil {
		return nil, err
	}
	return value, nil
}
