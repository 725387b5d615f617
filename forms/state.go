package forms

import (
	"context"
	"errors"
	"fmt"

	"guichet/schemas"
)

// SetState opens, closes or archives a form, or makes it a draft again; to be in that state already is not an error.
// A state that does not exist is invalid.
func (s *Service) SetState(ctx context.Context, slug string, state State) (Form, error) {
	switch state {
	case Draft, Open, Closed, Archived:
	default:
		return Form{}, &Error{Code: Invalid, Message: schemas.Wording{
			FR: fmt.Sprintf("«\u00a0%s\u00a0» n’est pas un état\u00a0: prenez draft, open, closed ou archived.", state),
			EN: fmt.Sprintf("“%s” is no state: take draft, open, closed or archived.", state),
		}}
	}
	defer s.forget(slug)
	for range tries {
		form, err := s.store.Form(ctx, slug)
		if err != nil || form.State == state {
			return form, err
		}
		form.State, form.Updated = state, s.moment()
		form.Revision++
		if err = s.store.SetForm(ctx, form); err == nil {
			return form, nil
		}
		if !errors.Is(err, ErrStale) {
			return Form{}, err
		}
	}
	return Form{}, errBusy()
}

// tries is how often a write is begun again when another one came between.
const tries = 10

func errBusy() error {
	return &Error{Code: Conflict, Cause: ErrStale, Message: schemas.Wording{
		FR: "Ce formulaire vient d’être changé par quelqu’un d’autre. Réessayez.",
		EN: "This form has just been changed by someone else. Please try again.",
	}}
}
