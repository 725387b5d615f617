package server

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"guichet/forms"
	"guichet/schemas"
)

// statuses is the one table from the codes of errors to HTTP.
var statuses = map[forms.Code]int{
	forms.Invalid:     fiber.StatusUnprocessableEntity,
	forms.NotFound:    fiber.StatusNotFound,
	forms.Conflict:    fiber.StatusConflict,
	forms.Full:        fiber.StatusConflict,
	forms.NotOpen:     fiber.StatusForbidden,
	forms.Forbidden:   fiber.StatusForbidden,
	forms.Unavailable: fiber.StatusServiceUnavailable,
}

// status gives the status of a code; what is not in the table is a defect.
func status(code forms.Code) int {
	if status, known := statuses[code]; known {
		return status
	}
	return fiber.StatusInternalServerError
}

// handleError answers with an error: people get a page, programs problem+json. The text of what is not meant for people is logged
// under a reference, never shown.
func (s *Server) handleError(c *fiber.Ctx, err error) error {
	shown, code := s.known(c, err)
	reference := ""
	if code >= fiber.StatusInternalServerError {
		reference = newReference()
		s.log.Error("request failed", "reference", reference, "method", c.Method(), "path", route(c), "status", code, "error", err.Error())
	}
	if code != fiber.StatusInternalServerError {
		reference = ""
	}
	if code == fiber.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	if strings.HasPrefix(c.Path(), "/api/") {
		return s.sendProblem(c, code, reference, shown)
	}
	if rendering := s.renderError(c, code, reference, shown); rendering != nil {
		s.log.Error("error page failed", "error", rendering.Error())
		return c.SendStatus(code)
	}
	return nil
}

// known gives what people may be told of an error, and its status.
func (s *Server) known(c *fiber.Ctx, err error) (*forms.Error, int) {
	var known *forms.Error
	if errors.As(err, &known) {
		if known.Message == (schemas.Wording{}) {
			known = &forms.Error{Code: known.Code, Fields: known.Fields, Message: schemas.Wording{FR: "Cette demande n’a pas pu aboutir.", EN: "This request could not be completed."}}
		}
		return known, status(known.Code)
	}
	var definition *forms.DefinitionError
	if errors.As(err, &definition) {
		return definitionError(definition, s.language(c, nil)), fiber.StatusUnprocessableEntity
	}
	var framework *fiber.Error
	if errors.As(err, &framework) {
		if worded, known := frameworkErrors[framework.Code]; known {
			return &forms.Error{Message: worded}, framework.Code
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &forms.Error{Code: forms.Unavailable, Message: schemas.Wording{FR: "La réponse a pris trop de temps. Réessayez dans quelques instants.", EN: "The answer took too long. Please try again in a moment."}}, fiber.StatusServiceUnavailable
	}
	return &forms.Error{Message: schemas.Wording{
		FR: "Un problème imprévu est survenu. Il est noté\u00a0; réessayez dans quelques instants.",
		EN: "Something unexpected happened. It has been noted; please try again in a moment.",
	}}, fiber.StatusInternalServerError
}

// frameworkErrors words what fiber refuses by itself.
var frameworkErrors = map[int]schemas.Wording{
	400: {FR: "Cette demande n’est pas lisible.", EN: "This request is not readable."},
	401: {FR: "Cette adresse demande un jeton\u00a0: Authorization: Bearer JETON. Créez-en un avec guichet token create.", EN: "This address wants a token: Authorization: Bearer TOKEN. Create one with guichet token create."},
	404: {FR: "Il n’y a rien à cette adresse.", EN: "There is nothing at this address."},
	405: {FR: "Cette adresse ne permet pas cette action.", EN: "This address does not allow this action."},
	413: {FR: "Cet envoi dépasse la taille acceptée (1 Mio). Raccourcissez les textes.", EN: "This is larger than what is accepted (1 MiB). Please shorten the texts."},
	431: {FR: "Cette demande a des en-têtes trop longs.", EN: "This request has headers that are too long."},
}

func definitionError(err *forms.DefinitionError, language string) *forms.Error {
	shown := &forms.Error{Code: forms.Invalid, Message: schemas.Wording{FR: "Cette définition a des problèmes.", EN: "This definition has problems."}}
	for _, problem := range err.Problems {
		if !problem.Warning {
			shown.Fields = append(shown.Fields, schemas.Violation{Pointer: problem.Pointer, Code: "definition", Message: problem.Reason.In(language)})
		}
	}
	return shown
}

// newReference names a log line: short enough to be read over the phone.
func newReference() string { return rand.Text()[:8] }

// route gives the pattern of the address for the log: addresses themselves hold tokens.
func route(c *fiber.Ctx) string {
	if c.Route() == nil {
		return ""
	}
	return utils.CopyString(c.Route().Path)
}
