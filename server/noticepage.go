package server

import (
	"errors"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/schemas"
)

// noticePage says one thing: why a form takes no answers, or what went wrong.
type noticePage struct {
	frame
	NoticeHeading string
	Paragraphs    []string
	Back          *anchor
	Programme     *programme
}

// showNotice shows a form that takes no submissions now.
func (s *Server) showNotice(c *fiber.Ctx, status int, view *forms.View, definition *schemas.Definition) error {
	slug, language := view.Form.Slug, definition.Language
	page := noticePage{frame: s.formFrame("/f/"+slug, slug, definition, view), Programme: s.programme(slug, definition)}
	page.Lead = definition.Description
	var why *forms.Error
	switch {
	case view.Availability == forms.NoPlace:
		page.NoticeHeading, page.Paragraphs = page.T("form.full"), []string{page.T("form.full.text")}
	case errors.As(s.service.WhyNot(view), &why):
		page.NoticeHeading, page.Paragraphs = page.T(string(view.Availability)), []string{why.Message.In(language)}
	}
	page.Title = page.NoticeHeading + page.T("colon") + definition.Title
	return s.show(c, status, "notice", page)
}

// renderError draws the page of an error. reference is that of the log line, for errors that are defects.
func (s *Server) renderError(c *fiber.Ctx, status int, reference string, err *forms.Error) error {
	page := noticePage{frame: s.frame(c, errorHeadings[status].In(s.language(c, nil)))}
	if page.Heading == "" {
		page.Heading = errorHeadings[fiber.StatusInternalServerError].In(page.Lang)
		page.Title = page.Heading
	}
	page.NoticeHeading = err.Message.In(page.Lang)
	for _, violation := range err.Fields {
		page.Paragraphs = append(page.Paragraphs, violation.Message)
	}
	if reference != "" {
		page.Paragraphs = append(page.Paragraphs, sayf(page.Lang, "Référence à donner si vous signalez ce problème\u00a0: %s", "Reference to give when you report this problem: %s", reference))
	}
	page.Back = &anchor{Href: "/" + page.Query, Name: page.T("back.home")}
	return s.show(c, status, "notice", page)
}

// errorHeadings are the titles of error pages.
var errorHeadings = map[int]schemas.Wording{
	400: {FR: "Demande illisible", EN: "Unreadable request"},
	403: {FR: "Accès refusé", EN: "Access refused"},
	404: {FR: "Page introuvable", EN: "Page not found"},
	405: {FR: "Action impossible ici", EN: "Not possible here"},
	409: {FR: "Conflit", EN: "Conflict"},
	413: {FR: "Envoi trop volumineux", EN: "Too much at once"},
	422: {FR: "Réponses à corriger", EN: "Answers to correct"},
	500: {FR: "Un problème est survenu", EN: "Something went wrong"},
	503: {FR: "Service indisponible", EN: "Service unavailable"},
}
