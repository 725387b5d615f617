package forms

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"guichet/schemas"
)

// Entry is what someone hands in.
type Entry struct {
	Form     string
	Version  int    // the version the page showed; 0: the current one
	Language string // of messages, and kept with the submission
	Answers  schemas.Answers
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
	definition, err := s.shown(ctx, view, entry.Version)
	if err != nil {
		return Receipt{}, err
	}
	accepted, violations := definition.In(entry.Language).Accept(entry.Answers)
	if len(violations) > 0 {
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
		return Receipt{}, s.wordFull(err, definition.In(entry.Language))
	}
	if !kept && entry.Strict && stored.Digest != submission.Digest {
		message := schemas.Wording{
			FR: "Cette clé Idempotency-Key a déjà servi pour d’autres réponses : prenez-en une nouvelle.",
			EN: "This Idempotency-Key was used for other answers already: take a new one.",
		}
		return Receipt{}, &Error{Code: Invalid, Message: message, Fields: []schemas.Violation{{Code: "key", Message: message.In(entry.Language)}}}
	}
	return Receipt{Submission: stored, Token: s.ReceiptToken(stored), Ignored: accepted.Ignored, Repeated: !kept}, nil
}

// shown gives the definition that the page of an entry showed.
func (s *Service) shown(ctx context.Context, view *View, version int) (*schemas.Definition, error) {
	if version == 0 || version == view.Form.Version {
		return view.Definition, nil
	}
	return s.Definition(ctx, view.Form.Slug, version)
}

// draw makes the submission of an entry, but for its reference.
func (s *Service) draw(entry Entry, definition *schemas.Definition, accepted schemas.Accepted) (Submission, error) {
	now := s.now().UTC().Truncate(time.Millisecond)
	id, err := s.newID(now)
	if err != nil {
		return Submission{}, err
	}
	sum := sha256.Sum256(accepted.JSON)
	submission := Submission{
		ID: id, Form: entry.Form, Version: entry.Version, Status: Confirmed, Language: definition.In(entry.Language).Language,
		Created: now, Updated: now, Digest: hex.EncodeToString(sum[:]), Places: places(definition.Fields(), accepted.Answers), Answers: accepted.JSON,
	}
	if entry.Key != "" {
		key := sha256.New()
		fmt.Fprintf(key, "%s\x00%t\x00%s", entry.Form, entry.Strict, entry.Key)
		if !entry.Strict {
			key.Write(sum[:])
		}
		submission.Key = hex.EncodeToString(key.Sum(nil))
	}
	return submission, nil
}

// keep decides by the newest state of the form and writes. Where the form changes meanwhile, it decides again. What was
// kept already under the same key is answered even where the form has closed since: the store looks there first.
func (s *Service) keep(ctx context.Context, view *View, submission Submission) (Submission, bool, error) {
	if submission.Version == 0 {
		submission.Version = view.Form.Version
	}
	for range tries {
		revision, claims := view.Form.Revision, claimed(view.Definition, submission.Places)
		closed := view.Availability == Over || view.Availability == NotYet
		if closed {
			if submission.Key == "" {
				return Submission{}, false, notTaking(view, s.now())
			}
			revision = unwritable
		}
		reference, err := s.reference(view.Definition.Registration.Prefix)
		if err != nil {
			return Submission{}, false, err
		}
		submission.Reference = reference
		stored, kept, err := s.store.CreateSubmission(ctx, submission, revision, claims)
		switch {
		case errors.Is(err, ErrReferenceTaken):
			continue
		case errors.Is(err, ErrStale) && closed:
			return Submission{}, false, notTaking(view, s.now())
		case !errors.Is(err, ErrStale):
			return stored, kept, err
		}
		s.forget(submission.Form)
		if view, err = s.View(ctx, submission.Form); err != nil {
			return Submission{}, false, err
		}
	}
	return Submission{}, false, errBusy()
}

// unwritable is a revision that no form has: with it the store answers repeated submissions and refuses all others.
const unwritable = -1

// places gives the names of all that an answer takes: the form, and each choice of a field that no group repeats.
func places(fields *schemas.Field, answers schemas.Answers) []string {
	names := []string{""}
	fields.Walk(func(field *schemas.Field) bool {
		if len(field.Choices) == 0 || strings.Contains(field.Pointer, "/*") {
			return true
		}
		value, there := schemas.Get(answers, field.Pointer)
		if !there {
			return true
		}
		chosen, isSet := value.([]any)
		if !isSet {
			chosen = []any{value}
		}
		for _, choice := range field.Choices {
			for _, one := range chosen {
				if one == choice.Value {
					names = append(names, PlaceName(field.Pointer, choice.Key))
				}
			}
		}
		return true
	})
	return names
}

// claimed gives the limited ones among places.
func claimed(definition *schemas.Definition, places []string) []Claim {
	var claims []Claim
	for _, name := range places {
		limit := definition.Registration.Places
		if name != "" {
			pointer, choice := ParsePlace(name)
			var limited bool
			if limit, limited = definition.Registration.Choices[pointer][choice]; !limited {
				continue
			}
		} else if limit == 0 {
			continue
		}
		claims = append(claims, Claim{Name: name, Limit: limit})
	}
	return claims
}

// wordFull says which choices of a refused submission have no place left.
func (s *Service) wordFull(err error, definition *schemas.Definition) error {
	var full *Error
	if !errors.As(err, &full) || full.Code != Full {
		return err
	}
	worded := &Error{Code: Full, Names: full.Names, Message: schemas.Wording{FR: "Il n’y a plus de place.", EN: "There is no place left."}}
	for _, name := range full.Names {
		pointer, key := ParsePlace(name)
		field := definition.Fields().Find(pointer)
		if name == "" || field == nil || field.Choice(key) == nil {
			continue
		}
		label := field.Choice(key).Label
		message := schemas.Wording{
			FR: fmt.Sprintf("« %s » n’a plus de place. Choisissez une autre réponse.", label),
			EN: fmt.Sprintf("“%s” has no place left. Please choose another answer.", label),
		}
		worded.Fields = append(worded.Fields, schemas.Violation{Pointer: pointer, Code: "full", Label: field.Label, Message: message.In(definition.Language)})
	}
	return worded
}

// WhyNot says why a form takes no submission now, as an error with code closed.
func (s *Service) WhyNot(view *View) error { return notTaking(view, s.now()) }

// notTaking says why a form takes no submission now.
func notTaking(view *View, now time.Time) error {
	registration, location := view.Definition.Registration, view.Definition.Location()
	refused := &Error{Code: NotOpen, Message: schemas.Wording{FR: "Les inscriptions sont closes.", EN: "Registration is closed."}}
	switch {
	case view.Availability == NotYet:
		refused.Message = schemas.Wording{
			FR: "Les inscriptions ouvrent " + schemas.FrenchMoment(registration.Opens.In(location)) + ".",
			EN: "Registration opens " + schemas.EnglishMoment(registration.Opens.In(location)) + ".",
		}
	case view.Form.State == Open && !registration.Closes.IsZero() && !now.Before(registration.Closes):
		refused.Message = schemas.Wording{
			FR: "Les inscriptions sont closes depuis " + schemas.FrenchMoment(registration.Closes.In(location)) + ".",
			EN: "Registration closed " + schemas.EnglishMoment(registration.Closes.In(location)) + ".",
		}
	}
	return refused
}

// alphabet holds the symbols of references: without 0 O 1 I L U, which people mishear or misread.
const alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// reference draws a new one. Bytes that would favour some symbols are drawn again.
func (s *Service) reference(prefix string) (string, error) {
	symbols := []byte(prefix + "-")
	const fair = 256 - 256%len(alphabet)
	var drawn [1]byte
	for len(symbols) < len(prefix)+7 {
		if _, err := io.ReadFull(s.random, drawn[:]); err != nil {
			return "", err
		}
		if int(drawn[0]) < fair {
			symbols = append(symbols, alphabet[int(drawn[0])%len(alphabet)])
		}
	}
	return string(symbols), nil
}

// newID gives a UUID of version 7 (RFC 9562): the time, then chance.
func (s *Service) newID(now time.Time) (string, error) {
	var id [16]byte
	if _, err := io.ReadFull(s.random, id[6:]); err != nil {
		return "", err
	}
	var millis [8]byte
	binary.BigEndian.PutUint64(millis[:], uint64(now.UnixMilli()))
	copy(id[:6], millis[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]), nil
}
