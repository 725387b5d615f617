package server

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"
	"guichet/forms"
)

// handleCalendar gives the event as a calendar file. Times are in UTC: every calendar shows them in its own zone.
func (s *Server) handleCalendar(c *fiber.Ctx) error {
	view, err := s.view(c)
	if err != nil {
		return err
	}
	definition := view.Definition.In(s.language(c, view.Definition))
	event := definition.Event
	if event == nil || event.Starts.IsZero() {
		return forms.Missing("Ce formulaire n’a pas de date à mettre dans un agenda.", "This form has no date to put into a calendar.")
	}
	calendar := ics.NewCalendarFor("Guichet")
	calendar.SetMethod(ics.MethodPublish)
	entry := calendar.AddEvent(view.Form.Slug + "@" + s.host())
	entry.SetDtStampTime(view.Form.Updated)
	entry.SetSequence(view.Form.Version - 1) // a new version replaces the entry
	entry.SetStartAt(event.Starts)
	if !event.Ends.IsZero() {
		entry.SetEndAt(event.Ends)
	}
	entry.SetSummary(oneLine(event.Name))
	entry.SetDescription(oneLine(event.Summary))
	entry.SetLocation(oneLine(strings.Trim(event.Place+", "+event.Address, ", ")))
	entry.SetURL(oneLine(s.formAddress(view.Form.Slug)))
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+view.Form.Slug+`.ics"`)
	return c.SendString(calendar.Serialize(ics.WithNewLineWindows))
}

// oneLine takes out what could begin a new property: the library writes line ends of some values as they are.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)), " ")
}

// host is the host of the base URL that the operator set.
func (s *Server) host() string {
	if base, err := url.Parse(s.config.BaseURL); err == nil && base.Hostname() != "" {
		return base.Hostname()
	}
	return "guichet"
}

// formAddress is the public address of a form.
func (s *Server) formAddress(slug string) string { return s.config.BaseURL + "/f/" + slug }

// capital writes the first letter of a sentence large.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
