package forms

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// alphabet holds the symbols of references: without 0 O 1 I L U, which people mishear or misread.
const alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

const referenceSymbols = 6

// reference draws a new one. Bytes that would favour some symbols are passed over.
func (s *Service) reference(prefix string) (string, error) {
	const fair = 256 - 256%len(alphabet)
	symbols := append([]byte(prefix), '-')
	whole := len(symbols) + referenceSymbols
	for {
		var drawn [referenceSymbols + 2]byte // two to spare: a second draw is rare
		if _, err := io.ReadFull(s.random, drawn[:]); err != nil {
			return "", fmt.Errorf("drawing a reference: %w", err)
		}
		for _, b := range drawn {
			if int(b) < fair {
				symbols = append(symbols, alphabet[int(b)%len(alphabet)])
			}
			if len(symbols) == whole {
				return string(symbols), nil
			}
		}
	}
}

// newID gives a UUID of version 7 (RFC 9562): the time, then chance.
func (s *Service) newID(now time.Time) (string, error) {
	var id [16]byte
	if _, err := io.ReadFull(s.random, id[6:]); err != nil {
		return "", fmt.Errorf("drawing an id: %w", err)
	}
	var millis [8]byte
	binary.BigEndian.PutUint64(millis[:], uint64(now.UnixMilli()))
	copy(id[:6], millis[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return uuid(id), nil
}

// uuid writes an id as people know it: 8-4-4-4-12 digits.
func uuid(id [16]byte) string {
	out := make([]byte, 0, 36)
	for _, part := range [...][]byte{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} {
		if len(out) > 0 {
			out = append(out, '-')
		}
		out = hex.AppendEncode(out, part)
	}
	return string(out)
}
