package forms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"guichet/schemas"
)

// CreateToken keeps a new token and gives its secret, which is not kept. Created is set here.
func (s *Service) CreateToken(ctx context.Context, token Token) (secret string, err error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", fmt.Errorf("drawing a token: %w", err)
	}
	return s.keepToken(ctx, token, raw)
}

// FixedToken is CreateToken with a secret derived from the store's key: the same token gives the same secret each time.
func (s *Service) FixedToken(ctx context.Context, token Token) (secret string, err error) {
	return s.keepToken(ctx, token, s.sign("token", token.Form, string(token.Scope), token.List, token.Format))
}

func (s *Service) keepToken(ctx context.Context, token Token, raw []byte) (string, error) {
	if _, err := s.store.Form(ctx, token.Form); err != nil {
		return "", err
	}
	secret := "gt_" + encoding.EncodeToString(raw)
	token.Hash, token.Created = hashToken(secret), s.moment()
	if err := s.store.CreateToken(ctx, token); err != nil {
		return "", err
	}
	return secret, nil
}

// hashToken needs no salt: secrets are drawn from at least 128 bits.
func hashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Token gives the token of a secret that is known and not expired, or not_found.
func (s *Service) Token(ctx context.Context, secret string) (Token, error) {
	token, err := s.store.Token(ctx, hashToken(secret))
	if err != nil {
		return Token{}, err
	}
	if !token.Expires.IsZero() && !s.now().Before(token.Expires) {
		return Token{}, Missing("Ce jeton a expiré\u00a0: demandez-en un nouveau.", "This token has expired: ask for a new one.")
	}
	return token, nil
}

// Authorize gives the token of a secret if it is known, not expired, and allows the scope on the form
// (admin allows read); else forbidden.
func (s *Service) Authorize(ctx context.Context, secret, slug string, scope Scope) (Token, error) {
	token, err := s.Token(ctx, secret)
	if err != nil && CodeOf(err) != NotFound {
		return Token{}, err
	}
	if err != nil || token.Form != slug || !token.Scope.allows(scope) {
		return Token{}, &Error{Code: Forbidden, Cause: err, Message: schemas.Wording{
			FR: "Ce jeton n’existe pas, a expiré ou ne permet pas cela sur ce formulaire. Créez-en un avec\u00a0: guichet token create --form FORMULAIRE --scope read|admin",
			EN: "This token does not exist, has expired or does not allow this on this form. Create one with: guichet token create --form FORM --scope read|admin",
		}}
	}
	return token, nil
}

func (s Scope) allows(wanted Scope) bool { return s == wanted || s == Admin && wanted == Read }

// ExportToken gives the export token of a secret, or not_found.
func (s *Service) ExportToken(ctx context.Context, secret string) (Token, error) {
	token, err := s.Token(ctx, secret)
	if err == nil && token.Scope != Export {
		return Token{}, Missing("Cette adresse n’est pas valable.", "This address is not valid.")
	}
	return token, err
}
