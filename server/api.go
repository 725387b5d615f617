package server

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/schemas"
)

// problemJSON is an error as programs read it (RFC 9457).
type problemJSON struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      string         `json:"code,omitempty"`
	Reference string         `json:"reference,omitempty"`
	Errors    []problemField `json:"errors"`
}

type problemField struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (s *Server) sendProblem(c *fiber.Ctx, status int, reference string, err *forms.Error) error {
	problem := problemJSON{Type: "about:blank", Title: err.Message.In(s.language(c, nil)), Status: status, Code: string(err.Code), Reference: reference, Errors: []problemField{}}
	for _, violation := range err.Fields {
		problem.Errors = append(problem.Errors, problemField{violation.Pointer, violation.Code, violation.Message})
	}
	if err := s.sendJSON(c, status, problem); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/problem+json")
	return nil
}

// sendJSON writes JSON with its texts as they are: it is never inside a page.
func (s *Server) sendJSON(c *fiber.Ctx, status int, value any) error {
	c.Status(status).Set(fiber.HeaderContentType, "application/json")
	encoder := json.NewEncoder(c.Response().BodyWriter())
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// authorize wants a bearer token that allows a scope on the form of the address.
func (s *Server) authorize(c *fiber.Ctx, scope forms.Scope) (slug string, err error) {
	slug = c.Params("slug")
	secret, given := bearer(c)
	if !given {
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="guichet"`)
		return "", fiber.NewError(fiber.StatusUnauthorized)
	}
	_, err = s.service.Authorize(c.UserContext(), secret, slug, scope)
	return slug, err
}

func bearer(c *fiber.Ctx) (secret string, given bool) {
	scheme, secret, _ := strings.Cut(c.Get(fiber.HeaderAuthorization), " ")
	return strings.TrimSpace(secret), strings.EqualFold(scheme, "bearer") && secret != ""
}

// formJSON is a form as anyone may read it.
type formJSON struct {
	Slug     string             `json:"slug"`
	Title    string             `json:"title"`
	Version  int                `json:"version"`
	State    forms.Availability `json:"state"` // open, not_yet, closed, full
	Places   *placesJSON        `json:"places,omitempty"`
	Schema   json.RawMessage    `json:"schema,omitempty"`
	UISchema json.RawMessage    `json:"uiSchema,omitempty"`
	Address  string             `json:"address"`
}

// placesJSON holds places left; what is not limited is not there.
type placesJSON struct {
	Form    *int                      `json:"form,omitempty"`
	Choices map[string]map[string]int `json:"choices,omitempty"`
}

func (s *Server) newFormJSON(view *forms.View, language string) formJSON {
	out := formJSON{Slug: view.Form.Slug, Title: view.Definition.In(language).Title, Version: view.Form.Version, State: view.Availability, Address: s.formAddress(view.Form.Slug)}
	for name, left := range view.Left {
		if out.Places == nil {
			out.Places = &placesJSON{Choices: map[string]map[string]int{}}
		}
		if name == "" {
			out.Places.Form = &left
			continue
		}
		pointer, choice := forms.ParsePlace(name)
		if out.Places.Choices[pointer] == nil {
			out.Places.Choices[pointer] = map[string]int{}
		}
		out.Places.Choices[pointer][choice] = left
	}
	return out
}

// apiForms lists the open forms; with a token, the form it is for too.
func (s *Server) apiForms(c *fiber.Ctx) error {
	own := ""
	if secret, given := bearer(c); given {
		token, err := s.service.Token(c.UserContext(), secret)
		if err != nil || token.Scope == forms.Export {
			_, err := s.service.Authorize(c.UserContext(), secret, "", forms.Read)
			return err
		}
		own = token.Form
	}
	listed := []any{}
	for form, err := range s.service.Forms(c.UserContext()) {
		if err != nil {
			return err
		}
		if form.State != forms.Open {
			if form.Slug == own {
				listed = append(listed, map[string]any{"slug": form.Slug, "version": form.Version, "state": form.State})
			}
			continue
		}
		view, err := s.service.View(c.UserContext(), form.Slug)
		if forms.CodeOf(err) == forms.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		listed = append(listed, s.newFormJSON(view, s.language(c, view.Definition)))
	}
	return s.sendJSON(c, fiber.StatusOK, map[string]any{"forms": listed})
}

func (s *Server) apiForm(c *fiber.Ctx) error {
	view, err := s.view(c)
	if err != nil {
		return err
	}
	out := s.newFormJSON(view, s.language(c, view.Definition))
	out.Schema, out.UISchema = view.Definition.Parts()
	return s.sendJSON(c, fiber.StatusOK, out)
}

// apiSubmit takes an answer by the same way as the page, from prune on.
func (s *Server) apiSubmit(c *fiber.Ctx) error {
	view, err := s.view(c)
	if err != nil {
		return err
	}
	language := s.language(c, view.Definition)
	body, violations := schemas.DecodeJSON(c.Body(), language)
	answers, isObject := body["answers"].(map[string]any)
	if violations == nil && !isObject {
		violations = []schemas.Violation{{Pointer: "/answers", Code: "object", Message: sayf(language, `Envoyez {"answers": {...}}.`, `Send {"answers": {...}}.`)}}
	}
	if violations != nil {
		return &forms.Error{Code: forms.Invalid, Fields: inAnswers(violations), Message: schemas.Wording{FR: "Le corps de la demande n’est pas lisible.", EN: "The body of the request is not readable."}}
	}
	entry := forms.Entry{Form: view.Form.Slug, Language: language, Answers: answers, Key: c.Get("Idempotency-Key"), Strict: true}
	receipt, err := s.service.Submit(c.UserContext(), entry)
	if err != nil {
		return err
	}
	address := s.formAddress(view.Form.Slug) + "/r/" + receipt.Token
	ignored := receipt.Ignored
	if ignored == nil {
		ignored = []string{}
	}
	c.Set(fiber.HeaderLocation, address)
	return s.sendJSON(c, fiber.StatusCreated, map[string]any{"reference": receipt.Submission.Reference, "status": receipt.Submission.Status, "receipt": address, "ignored": ignored})
}

// inAnswers makes pointers into the body pointers into the answers, as all others are.
func inAnswers(violations []schemas.Violation) []schemas.Violation {
	for i := range violations {
		if at, inside := strings.CutPrefix(violations[i].Pointer, "/answers/"); inside {
			violations[i].Pointer = "/" + at
		}
	}
	return violations
}

func (s *Server) apiLists(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Read)
	if err != nil {
		return err
	}
	return s.sendLists(c, slug)
}

func (s *Server) apiList(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Read)
	if err != nil {
		return err
	}
	file, err := url.PathUnescape(c.Params("file"))
	if err != nil {
		return fiber.ErrBadRequest
	}
	list, format, err := splitFile(file)
	if err != nil {
		return err
	}
	return s.download(c, slug, list, format)
}

func (s *Server) apiWorkbook(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Read)
	if err != nil {
		return err
	}
	return s.download(c, slug, "", "xlsx")
}
