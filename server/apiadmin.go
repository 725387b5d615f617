package server

import (
	"bytes"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"guichet/exports"
	"guichet/forms"
	"guichet/schemas"
)

// apiPublish makes the body the form's next version.
func (s *Server) apiPublish(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Admin)
	if err != nil {
		return err
	}
	published, err := s.service.Publish(c.UserContext(), slug, slug, bytes.Clone(c.Body()))
	if err != nil {
		return err
	}
	warnings := []problemField{}
	for _, warning := range published.Warnings {
		warnings = append(warnings, problemField{warning.Pointer, "warning", warning.Reason.In(s.language(c, nil))})
	}
	return s.sendJSON(c, fiber.StatusOK, map[string]any{"slug": slug, "version": published.Version.Number, "sha256": published.Version.SHA256, "changed": published.Changed, "warnings": warnings})
}

func (s *Server) apiState(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Admin)
	if err != nil {
		return err
	}
	body, violations := schemas.DecodeJSON(c.Body(), s.language(c, nil))
	state, _ := body["state"].(string)
	switch forms.State(state) {
	case forms.Open, forms.Closed, forms.Archived:
	default:
		return &forms.Error{Code: forms.Invalid, Fields: violations, Message: schemas.Wording{FR: `Envoyez {"state": "open"}, "closed" ou "archived".`, EN: `Send {"state": "open"}, "closed" or "archived".`}}
	}
	form, err := s.service.SetState(c.UserContext(), slug, forms.State(state))
	if err != nil {
		return err
	}
	return s.sendJSON(c, fiber.StatusOK, map[string]any{"slug": slug, "state": form.State})
}

type versionJSON struct {
	Number    int       `json:"number"`
	SHA256    string    `json:"sha256"`
	Published time.Time `json:"published"`
}

func (s *Server) apiVersions(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Admin)
	if err != nil {
		return err
	}
	form, err := s.service.Form(c.UserContext(), slug)
	if err != nil {
		return err
	}
	versions := []versionJSON{}
	for number := 1; number <= form.Version; number++ {
		version, err := s.service.Version(c.UserContext(), slug, number)
		if err != nil {
			return err
		}
		versions = append(versions, versionJSON{version.Number, version.SHA256, version.Published})
	}
	return s.sendJSON(c, fiber.StatusOK, map[string]any{"versions": versions})
}

// apiVersion gives one version's definition, byte for byte.
func (s *Server) apiVersion(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Admin)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Params("number"))
	if err != nil {
		return forms.Missing("Une version se désigne par son numéro.", "A version is named by its number.")
	}
	version, err := s.service.Version(c.UserContext(), slug, number)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/json")
	c.Set(fiber.HeaderETag, `"`+version.SHA256+`"`)
	return c.Send(version.Bytes)
}

type listJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (s *Server) sendLists(c *fiber.Ctx, slug string) error {
	form, err := s.service.Form(c.UserContext(), slug)
	if err != nil {
		return err
	}
	definition, err := s.service.Definition(c.UserContext(), slug, form.Version)
	if err != nil {
		return err
	}
	lists := []listJSON{}
	for _, list := range exports.Lists(definition.In(s.language(c, definition))) {
		lists = append(lists, listJSON{list.ID, list.Name})
	}
	return s.sendJSON(c, fiber.StatusOK, map[string]any{"lists": lists})
}
