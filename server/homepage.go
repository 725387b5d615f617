package server

import (
	"github.com/gofiber/fiber/v2"
	"guichet/forms"
)

type homePage struct {
	frame
	Forms []opening
}

// opening is one form on the home page.
type opening struct{ Href, Title, When, Summary, State, Tone string }

func (s *Server) handleHome(c *fiber.Ctx) error {
	page := homePage{frame: s.frame(c, say("home", s.language(c, nil)))}
	page.Lead = page.T("home.lead")
	for form, err := range s.service.Forms(c.UserContext()) {
		if err != nil {
			return err
		}
		if form.State != forms.Open {
			continue
		}
		view, err := s.service.View(c.UserContext(), form.Slug)
		if forms.CodeOf(err) == forms.NotFound {
			continue // put away since the list was read
		}
		if err != nil {
			return err
		}
		definition := view.Definition.In(page.Lang)
		tone := "good"
		if view.Availability != forms.Taking {
			tone = "wait"
		}
		page.Forms = append(page.Forms, opening{
			Href: "/f/" + form.Slug + page.Query, Title: definition.Title, Summary: definition.Description, When: when(definition.Event, definition.Location(), definition.Language),
			State: page.T("state." + string(view.Availability)), Tone: tone,
		})
	}
	return s.show(c, fiber.StatusOK, "home", page)
}
