package forms

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"guichet/schemas"
)

// sign gives 16 bytes that only who knows the store's secret can make. purpose keeps one kind of token from passing for another.
func (s *Service) sign(purpose string, parts ...string) []byte {
	mac := hmac.New(sha256.New, s.seal)
	fmt.Fprintf(mac, "%s\x00%s", purpose, strings.Join(parts, "\x00"))
	return mac.Sum(nil)[:16]
}

var encoding = base64.RawURLEncoding

// ReceiptToken gives the last part of a submission's receipt address: its id and a signature of form, id and generation.
func (s *Service) ReceiptToken(submission Submission) string {
	id, err := hex.DecodeString(strings.ReplaceAll(submission.ID, "-", ""))
	if err != nil {
		return ""
	}
	return encoding.EncodeToString(append(id, s.signReceipt(submission)...))
}

func (s *Service) signReceipt(submission Submission) []byte {
	return s.sign("receipt", submission.Form, submission.ID, fmt.Sprint(submission.Generation))
}

// Receipt gives the submission behind a receipt's address, or not_found.
func (s *Service) Receipt(ctx context.Context, slug, token string) (Submission, error) {
	missing := Missing("Cette adresse n’est pas ou n’est plus valable. Vérifiez qu’elle est complète.", "This address is not valid, or no longer. Please check that it is complete.")
	raw, err := encoding.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return Submission{}, missing
	}
	id := fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:16])
	submission, err := s.store.Submission(ctx, slug, id)
	if CodeOf(err) == NotFound {
		return Submission{}, missing
	}
	if err != nil {
		return Submission{}, err
	}
	if subtle.ConstantTimeCompare(raw[16:], s.signReceipt(submission)) != 1 {
		return Submission{}, missing
	}
	return submission, nil
}

// pageLife is how long the answers of a page are taken without showing it again.
const pageLife = 24 * time.Hour

// PageToken seals which version a page shows, with a nonce and the time.
func (s *Service) PageToken(slug string, version int) string {
	raw := make([]byte, 20, 36)
	binary.BigEndian.PutUint32(raw[0:], uint32(version))
	binary.BigEndian.PutUint64(raw[4:], uint64(s.now().Unix()))
	// A source of chance that fails leaves zeros: the page then counts as the same one as others of this second.
	_, _ = io.ReadFull(s.random, raw[12:])
	return encoding.EncodeToString(append(raw, s.sign("page", slug, string(raw))...))
}

// OpenPageToken reads a PageToken of the form; ok is false where it is forged, of another form, or older than a day.
func (s *Service) OpenPageToken(slug, token string) (version int, ok bool) {
	raw, err := encoding.DecodeString(token)
	if err != nil || len(raw) != 36 || subtle.ConstantTimeCompare(raw[20:], s.sign("page", slug, string(raw[:20]))) != 1 {
		return 0, false
	}
	age := s.now().Sub(time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0))
	return int(binary.BigEndian.Uint32(raw)), age < pageLife
}

// CreateToken keeps a new token and gives its secret, which is not kept. Created is set here.
func (s *Service) CreateToken(ctx context.Context, token Token) (secret string, err error) {
	raw := make([]byte, 32)
	if _, err := io.ReadFull(s.random, raw); err != nil {
		return "", err
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
	token.Hash, token.Created = hashToken(secret), s.now().UTC().Truncate(time.Millisecond)
	return secret, s.store.CreateToken(ctx, token)
}

// hashToken needs no salt: secrets are drawn from at least 128 bits.
func hashToken(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Token gives the token of a secret that is known and not expired, or not_found.
func (s *Service) Token(ctx context.Context, secret string) (Token, error) {
	token, err := s.store.Token(ctx, hashToken(secret))
	if err == nil && !token.Expires.IsZero() && !s.now().Before(token.Expires) {
		return Token{}, Missing("Ce jeton a expiré : demandez-en un nouveau.", "This token has expired: ask for a new one.")
	}
	return token, err
}

// Authorize gives the token of a secret if it is known, not expired, and allows the scope on the form
// (admin allows read); else forbidden.
func (s *Service) Authorize(ctx context.Context, secret, slug string, scope Scope) (Token, error) {
	token, err := s.Token(ctx, secret)
	if err != nil && CodeOf(err) != NotFound {
		return Token{}, err
	}
	if err != nil || token.Form != slug || token.Scope != scope && (token.Scope != Admin || scope != Read) {
		return Token{}, &Error{Code: Forbidden, Message: schemas.Wording{
			FR: "Ce jeton ne permet pas cela sur ce formulaire. Créez-en un avec : guichet token create --form FORMULAIRE --scope read|admin",
			EN: "This token does not allow this on this form. Create one with: guichet token create --form FORM --scope read|admin",
		}}
	}
	return token, nil
}

// ExportToken gives the export token of a secret, or not_found.
func (s *Service) ExportToken(ctx context.Context, secret string) (Token, error) {
	token, err := s.Token(ctx, secret)
	if err == nil && token.Scope != Export {
		return Token{}, Missing("Cette adresse n’est pas valable.", "This address is not valid.")
	}
	return token, err
}
