package forms

import (
	"errors"
	"fmt"

	"guichet/schemas"
)

// Code says what kind of thing went wrong; the server maps it to a status.
type Code string

const (
	Invalid     Code = "invalid"     // what was sent is not acceptable; Fields says where
	NotFound    Code = "not_found"   // there is no such thing
	Conflict    Code = "conflict"    // it contradicts what is kept
	Full        Code = "full"        // no place is left; Fields names the choices, or is empty for the form
	NotOpen     Code = "closed"      // the form takes no submissions now
	Forbidden   Code = "forbidden"   // this token does not allow it
	Unavailable Code = "unavailable" // the store does not answer; nothing is known to be lost
)

// Error is a failure that people may be told of. Any other error is a defect: it is logged, never shown.
type Error struct {
	Code    Code
	Message schemas.Wording
	Fields  []schemas.Violation // Invalid and Full
	Names   []string            // Full, from a store: the names of the claims that found no place
	Cause   error               // for the log only
}

func (e *Error) Error() string {
	text := string(e.Code)
	if e.Message.EN != "" {
		text = e.Message.EN
	}
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// CodeOf gives the code of an error, "" where it has none.
func CodeOf(err error) Code {
	var known *Error
	if errors.As(err, &known) {
		return known.Code
	}
	return ""
}

// Unreachable is the error for a store that does not answer.
func Unreachable(cause error) error {
	return &Error{Code: Unavailable, Cause: cause, Message: schemas.Wording{
		FR: "Le service est momentanément indisponible. Réessayez dans quelques instants.",
		EN: "The service is not available right now. Please try again in a moment.",
	}}
}

// Missing is the error for a thing that is not there.
func Missing(fr, en string, args ...any) error {
	return &Error{Code: NotFound, Message: schemas.Wording{FR: fmt.Sprintf(fr, args...), EN: fmt.Sprintf(en, args...)}}
}

// ErrStale says that the form changed since the Revision a write was based on: read it again.
var ErrStale = errors.New("forms: the form changed meanwhile")

// ErrReferenceTaken says that another submission of the form has this reference.
var ErrReferenceTaken = errors.New("forms: this reference is taken")
