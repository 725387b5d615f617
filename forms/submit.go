package forms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"guichet/schemas"
)

// Entry is what someone hands in.
type Entry struct {
	Form     string
	Version  int             // the version the page showed; 0: the current one
	Language string          // of messages, and kept with the submission
	Answers  schemas.Answers // Submit prunes them
	// Key says which entries are the same one sent again. A page gives its token: the same token with the same answers
	// is the same entry, with others a new one. A program gives its Idempotency-Key with Strict: with others it is refused (invalid, code "key").
	Key    string
	Strict bool
}

// Receipt is the outcome of an entry.
type Receipt struct {
	Submission Submission
	Token      string   // the last part of the receipt's address
	Ignored    []string // pointers that no branch of the definition describes
	Repeated   bool     // this entry was kept earlier
}

// Submit checks an entry, takes its places and keeps it. Errors: invalid, full, closed, not_found, unavailable.
func (s *Service) Submit(ctx context.Context, entry Entry) (Receipt, error) {
	view, err := s.View(ctx, entry.Form)
	if err != nil {
		return Receipt{}, err
	}
	if view.shut() && entry.Key == "" {
		return Receipt{}, s.WhyNot(view)
	}
	definition := view.Definition
	if entry.Version == 0 {
		entry.Version = view.Form.Version
	}
	if entry.Version != view.Form.Version {
		if definition, err = s.Definition(ctx, entry.Form, entry.Version); err != nil {
			return Receipt{}, err
		}
	}
	definition = definition.In(entry.Language)
	accepted, violations := definition.Accept(entry.Answers)
	switch {
	case len(violations) > 0 && view.shut(): // what is not acceptable cannot have been kept earlier
		return Receipt{}, s.WhyNot(view)
	case len(violations) > 0:
		return Receipt{}, &Error{Code: Invalid, Fields: violations, Message: schemas.Wording{
			FR: "Il reste des réponses à corriger.", EN: "Some answers need to be corrected.",
		}}
	}
	submission, err := s.draw(entry, definition, accepted)
	if err != nil {
		return Receipt{}, err
	}
	stored, kept, err := s.keep(ctx, view, submission)
	if err != nil {
		return Receipt{}, wordFull(err, definition)
	}
	if !kept && entry.Strict && stored.Digest != submission.Digest {
		message := schemas.Wording{
			FR: "Cette clé Idempotency-Key a déjà servi pour d’autres réponses\u00a0: prenez-en une nouvelle.",
			EN: "This Idempotency-Key was used for other answers already: take a new one.",
		}
		return Receipt{}, &Error{Code: Invalid, Message: message, Fields: []schemas.Violation{{Code: "key", Message: message.In(entry.Language)}}}
	}
	return Receipt{Submission: stored, Token: s.ReceiptToken(stored), Ignored: accepted.Ignored, Repeated: !kept}, nil
}

// draw makes the submission of an entry, but for its reference.
func (s *Service) draw(entry Entry, definition *schemas.Definition, accepted schemas.Accepted) (Submission, error) {
	now := s.moment()
	id, err := s.newID(now)
	if err != nil {
		return Submission{}, err
	}
	digest := sha256.Sum256(accepted.JSON)
	return Submission{
		ID: id, Form: entry.Form, Version: entry.Version, Status: Confirmed, Language: definition.Language,
		Created: now, Updated: now, Key: entry.key(digest), Digest: hex.EncodeToString(digest[:]),
		Places: places(definition.Fields(), accepted.Answers), Answers: accepted.JSON,
	}, nil
}

// key gives the key by which the store knows the same entry again.
func (e Entry) key(digest [sha256.Size]byte) string {
	if e.Key == "" {
		return ""
	}
	key := fmt.Appendf(nil, "%s\x00%t\x00%s", e.Form, e.Strict, e.Key)
	if !e.Strict {
		key = append(key, digest[:]...)
	}
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:])
}

// keep decides by the newest state of the form and writes. Where the form changes meanwhile, it decides again. What was
// kept already under the same key is answered even where the form has closed since: the store looks there first.
func (s *Service) keep(ctx context.Context, view *View, submission Submission) (stored Submission, kept bool, err error) {
	for range tries {
		revision := view.Form.Revision
		if view.shut() {
			if submission.Key == "" {
				return Submission{}, false, s.WhyNot(view)
			}
			revision = unwritable
		}
		if submission.Reference, err = s.reference(view.Definition.Registration.Prefix); err != nil {
			return Submission{}, false, err
		}
		stored, kept, err = s.store.CreateSubmission(ctx, submission, revision, limited(view.Definition, submission.Places))
		switch {
		case errors.Is(err, ErrReferenceTaken):
			continue
		case errors.Is(err, ErrStale) && view.shut():
			return Submission{}, false, s.WhyNot(view)
		case errors.Is(err, ErrStale):
			s.forget(submission.Form)
			if view, err = s.View(ctx, submission.Form); err != nil {
				return Submission{}, false, err
			}
			continue
		}
		if view.promises(err) {
			s.forget(submission.Form)
		}
		return stored, kept, err
	}
	return Submission{}, false, Unreachable(fmt.Errorf("a submission to %s found no quiet moment in %d tries", submission.Form, tries))
}

// unwritable is a revision that no form has: with it the store answers repeated submissions and refuses all others.
const unwritable = -1
