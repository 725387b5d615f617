package forms

import (
	"context"
	"crypto/subtle"
	"encoding/hex"
	"strconv"
	"strings"
)

// ReceiptToken gives the last part of a submission's receipt address: its id and a signature of form, id and generation.
func (s *Service) ReceiptToken(submission Submission) string {
	id, err := hex.DecodeString(strings.ReplaceAll(submission.ID, "-", ""))
	if err != nil {
		return ""
	}
	return encoding.EncodeToString(append(id, s.signReceipt(submission)...))
}

func (s *Service) signReceipt(submission Submission) []byte {
	return s.sign("receipt", submission.Form, submission.ID, strconv.Itoa(submission.Generation))
}

// Receipt gives the submission behind a receipt's address, or not_found.
func (s *Service) Receipt(ctx context.Context, slug, token string) (Submission, error) {
	missing := Missing("Cette adresse n’est pas ou n’est plus valable. Vérifiez qu’elle est complète.", "This address is not valid, or no longer. Please check that it is complete.")
	const size = 16 // of an id
	raw, readable := unseal(token, size+signature)
	if !readable {
		return Submission{}, missing
	}
	submission, err := s.store.Submission(ctx, slug, uuid([size]byte(raw)))
	if CodeOf(err) == NotFound {
		return Submission{}, missing
	}
	if err != nil {
		return Submission{}, err
	}
	if subtle.ConstantTimeCompare(raw[size:], s.signReceipt(submission)) != 1 {
		return Submission{}, missing
	}
	return submission, nil
}
