package forms

import (
	"time"

	"guichet/schemas"
)

// Availability says whether a form takes submissions now.
type Availability string

const (
	Taking  Availability = "open"
	NotYet  Availability = "not_yet" // Registration.Opens is to come
	Over    Availability = "closed"  // closed by hand, or Registration.Closes has passed
	NoPlace Availability = "full"    // the form has no place left
)

func availability(form Form, registration schemas.Registration, left map[string]int, now time.Time) Availability {
	places, limited := left[""]
	switch {
	case form.State != Open, !registration.Closes.IsZero() && !now.Before(registration.Closes):
		return Over
	case now.Before(registration.Opens):
		return NotYet
	case limited && places == 0:
		return NoPlace
	}
	return Taking
}

// shut says whether time or state keep submissions out. Whether there is a place is for the store to say.
func (v *View) shut() bool { return v.Availability == Over || v.Availability == NotYet }

// WhyNot says why a form takes no submission now, as an error with code closed.
func (s *Service) WhyNot(view *View) error {
	registration, location := view.Definition.Registration, view.Definition.Location()
	refused := &Error{Code: NotOpen, Message: schemas.Wording{FR: "Les inscriptions sont closes.", EN: "Registration is closed."}}
	switch {
	case view.Availability == NotYet:
		refused.Message = schemas.Wording{
			FR: "Les inscriptions ouvrent " + schemas.FrenchMoment(registration.Opens.In(location)) + ".",
			EN: "Registration opens " + schemas.EnglishMoment(registration.Opens.In(location)) + ".",
		}
	case view.Form.State == Open && !registration.Closes.IsZero() && !s.now().Before(registration.Closes):
		refused.Message = schemas.Wording{
			FR: "Les inscriptions sont closes depuis " + schemas.FrenchMoment(registration.Closes.In(location)) + ".",
			EN: "Registration closed " + schemas.EnglishMoment(registration.Closes.In(location)) + ".",
		}
	}
	return refused
}
