package server

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/schemas"
)

// receiptPage is the page behind a receipt's address.
type receiptPage struct {
	frame
	Cancelled                                              bool
	StatusText, Thanks, Reference, Spelled, Next, Calendar string
	Day                                                    []slot
	Answers                                                []answer
}

// answer is one question and what was answered: lines of text, or the answers under it.
type answer struct {
	Label string
	Lines []string
	Under []answer
}

func (s *Server) handleReceipt(c *fiber.Ctx) error {
	slug := c.Params("slug")
	submission, err := s.service.Receipt(c.UserContext(), slug, c.Params("token"))
	if err != nil {
		return err
	}
	definition, err := s.service.Definition(c.UserContext(), slug, submission.Version)
	if err != nil {
		return err
	}
	language := submission.Language
	if c.Query("lang") != "" {
		language = s.language(c, definition)
	}
	definition = definition.In(language)
	answers, violations := schemas.DecodeJSON(submission.Answers, language)
	if violations != nil {
		return fmt.Errorf("answers of %s are unreadable: %s", submission.ID, violations[0].Message)
	}
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer") // the address is the key to the answers
	return s.show(c, fiber.StatusOK, "receipt", s.receiptPage(c.Path(), submission, definition, answers))
}

func (s *Server) receiptPage(path string, submission forms.Submission, definition *schemas.Definition, answers schemas.Answers) receiptPage {
	page := receiptPage{frame: s.formFrame(path, submission.Form, definition, nil), Reference: submission.Reference, Answers: answersOf(definition.Resolve(answers), answers), Day: dayOf(definition, answers)}
	page.Private = true
	page.Cancelled = submission.Status == forms.Cancelled
	page.StatusText, page.Thanks, page.Next = page.T("receipt.confirmed"), page.T("receipt.thanks"), page.T("receipt.next")
	if page.Cancelled {
		page.StatusText, page.Thanks, page.Next = page.T("receipt.cancelled"), page.T("receipt.gone"), page.T("receipt.gone.next")
	}
	page.Title = page.StatusText + page.T("colon") + submission.Reference
	page.Spelled = page.T("reference") + page.T("colon") + strings.Join(strings.Split(submission.Reference, ""), " ")
	if definition.Event != nil && !definition.Event.Starts.IsZero() {
		page.Calendar = "/f/" + submission.Form + "/event.ics?lang=" + definition.Language
	}
	return page
}

// answersOf writes the answers out, question by question. What was not answered is left out.
func answersOf(field *schemas.Field, answers schemas.Answers) []answer {
	var written []answer
	fields := field.Fields
	if field.Sections != nil {
		fields = nil
		for _, section := range field.Sections {
			fields = append(fields, section.Fields...)
		}
	}
	for _, child := range fields {
		value, answered := schemas.Get(answers, child.Pointer)
		if !answered || value == nil {
			continue
		}
		switch child.Kind {
		case schemas.Object:
			written = append(written, answer{Label: child.Label, Under: answersOf(child, answers)})
		case schemas.Group:
			for i, item := range child.Items {
				one := answer{Label: fmt.Sprintf("%s %d", itemLabel(child, item), i+1)}
				if item.Kind == schemas.Object {
					one.Under = answersOf(item, answers)
				} else if v, there := schemas.Get(answers, item.Pointer); there {
					one.Lines = linesOf(item, v)
				}
				written = append(written, one)
			}
		default:
			if lines := linesOf(child, value); len(lines) > 0 {
				written = append(written, answer{Label: child.Label, Lines: lines})
			}
		}
	}
	return written
}

func itemLabel(group, item *schemas.Field) string {
	if item.Label == item.Name {
		return group.Label
	}
	return item.Label
}

// linesOf writes one value: choices by their labels, texts line by line.
func linesOf(field *schemas.Field, value any) []string {
	switch value := value.(type) {
	case []any:
		var lines []string
		for _, one := range value {
			lines = append(lines, linesOf(field, one)...)
		}
		return lines
	case bool:
		if len(field.Choices) == 0 {
			return []string{field.Answer(value)}
		}
	case string:
		if len(field.Choices) == 0 {
			return strings.Split(value, "\n")
		}
	}
	return []string{field.Answer(value)}
}

func sortSlots(day []slot) {
	slices.SortStableFunc(day, func(a, b slot) int { return strings.Compare(a.Starts, b.Starts) })
}
