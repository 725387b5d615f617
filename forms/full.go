package forms

import (
	"errors"
	"fmt"
	"slices"

	"guichet/schemas"
)

// promises says whether a view shows places that the store just refused as taken.
func (v *View) promises(err error) bool {
	var full *Error
	return errors.As(err, &full) && full.Code == Full && slices.ContainsFunc(full.Names, func(name string) bool { return v.Left[name] > 0 })
}

// wordFull words a store's refusal for want of places: which choices have none left, or that the form has none. Other errors
// come back as they are.
func wordFull(err error, definition *schemas.Definition) error {
	var full *Error
	if !errors.As(err, &full) || full.Code != Full {
		return err
	}
	if slices.Contains(full.Names, "") { // another choice would not help
		return &Error{Code: Full, Names: full.Names, Message: schemas.Wording{FR: "Il n’y a plus de place.", EN: "There is no place left."}}
	}
	worded := &Error{Code: Full, Names: full.Names, Message: schemas.Wording{
		FR: "Il n’y a plus de place pour une de vos réponses.", EN: "There is no place left for one of your answers.",
	}}
	for _, name := range full.Names {
		pointer, key := ParsePlace(name)
		field := definition.Fields().Find(pointer)
		if field == nil || field.Choice(key) == nil {
			continue
		}
		label := field.Choice(key).Label
		message := schemas.Wording{
			FR: fmt.Sprintf("«\u00a0%s\u00a0» n’a plus de place. Choisissez une autre réponse.", label),
			EN: fmt.Sprintf("“%s” has no place left. Please choose another answer.", label),
		}
		worded.Fields = append(worded.Fields, schemas.Violation{Pointer: pointer, Code: "full", Label: field.Label, Message: message.In(definition.Language)})
	}
	return worded
}
