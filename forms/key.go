package forms

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"io"
	"time"
)

// signature is how many bytes of an HMAC addresses and tokens carry.
const signature = 16

// sign gives 16 bytes that only who knows the store's secret can make. purpose keeps one kind of token from passing for another.
// A part that may hold NUL comes last.
func (s *Service) sign(purpose string, parts ...string) []byte {
	mac := hmac.New(sha256.New, s.seal)
	mac.Write([]byte(purpose))
	for _, part := range parts {
		mac.Write([]byte{0})
		mac.Write([]byte(part))
	}
	return mac.Sum(nil)[:signature]
}

var encoding = base64.RawURLEncoding.Strict()

// unseal decodes a token of this many bytes, of which it has only one way of being written.
func unseal(token string, size int) (raw []byte, ok bool) {
	if len(token) != encoding.EncodedLen(size) { // the decoder passes over line ends
		return nil, false
	}
	raw, err := encoding.DecodeString(token)
	return raw, err == nil && len(raw) == size
}

const (
	pageLife = 24 * time.Hour // how long the answers of a page are taken without showing it again
	pageSize = 4 + 8 + 8      // version, time, nonce
)

// PageToken seals which version a page shows, with a nonce and the time.
func (s *Service) PageToken(slug string, version int) string {
	raw := make([]byte, pageSize, pageSize+signature)
	binary.BigEndian.PutUint32(raw, uint32(version))
	binary.BigEndian.PutUint64(raw[4:], uint64(s.now().Unix()))
	// A source of chance that fails leaves zeros: the page then counts as the same one as others of this second.
	_, _ = io.ReadFull(s.random, raw[12:])
	return encoding.EncodeToString(append(raw, s.sign("page", slug, string(raw))...))
}

// OpenPageToken reads a PageToken of the form; ok is false where it is forged, of another form, or older than a day. Of one that
// is only too old the version comes back too.
func (s *Service) OpenPageToken(slug, token string) (version int, ok bool) {
	raw, readable := unseal(token, pageSize+signature)
	if !readable || subtle.ConstantTimeCompare(raw[pageSize:], s.sign("page", slug, string(raw[:pageSize]))) != 1 {
		return 0, false
	}
	age := s.now().Sub(time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0))
	return int(binary.BigEndian.Uint32(raw)), age < pageLife
}
