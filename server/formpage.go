package server

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/schemas"
)

// formPage is the page of a form to fill in.
type formPage struct {
	frame
	Action, Submit, Token, Shown string
	RequiredNote                 string
	Sections                     []section
	Riding                       []hidden
	Alert                        *alert
	Problems                     []problem
	ProblemsHeading              string
	Notice                       string // of privacy, beside the button
	Programme                    *programme
}

type section struct {
	Title, Description string
	Questions          []question
}

// hidden carries the answer of a question that is not asked now: going back must not lose it.
type hidden struct{ Name, Value string }

type alert struct{ Heading, Text string }

type problem struct{ Href, Text string }

// filling is what a form's page is drawn from.
type filling struct {
	view       *forms.View
	definition *schemas.Definition // of the version and in the language of the page
	version    int
	token      string
	answers    schemas.Answers
	posted     url.Values // nil on the first page
	problems   []schemas.Violation
	alert      *alert
}

// tokenMark stands for the token in a page that is kept for others.
const tokenMark = "TOKEN-OF-THE-PAGE"

func (s *Server) handleFormPage(c *fiber.Ctx) error {
	view, err := s.view(c)
	if err != nil {
		return err
	}
	definition := view.Definition.In(s.language(c, view.Definition))
	if view.Availability != forms.Taking {
		return s.showNotice(c, fiber.StatusOK, view, definition)
	}
	page, err := s.blanks.page(view, definition.Language, func() ([]byte, error) {
		f := filling{view: view, definition: definition, version: view.Form.Version, token: tokenMark}
		return s.views.render("form", s.formPage(f))
	})
	if err != nil {
		return err
	}
	return s.send(c, fiber.StatusOK, page.with(s.service.PageToken(view.Form.Slug, view.Form.Version)))
}

// formPage draws the page of a filling.
func (s *Server) formPage(f filling) formPage {
	slug, language := f.view.Form.Slug, f.definition.Language
	root := f.definition.Resolve(f.answers)
	d := &drawing{
		definition: f.definition, answers: f.answers, left: f.view.Left, times: choiceTimes(f.definition), rare: mostlyOptional(root),
		blank: f.posted == nil, action: "/f/" + slug + "?lang=" + language, errors: map[string]string{}, target: map[string]string{},
	}
	for _, violation := range f.problems {
		d.errors[violation.Pointer] = violation.Message
	}
	page := formPage{
		frame: s.formFrame("/f/"+slug, slug, f.definition, f.view), Submit: root.SubmitLabel, Token: f.token,
		Action: d.action + "#erreurs", Programme: s.programme(slug, f.definition), Notice: notice(f.definition), Alert: f.alert,
	}
	page.Lead = f.definition.Description
	if page.Submit == "" {
		page.Submit = page.T("submit")
	}
	page.RequiredNote = page.T("required.rule")
	if d.rare {
		page.RequiredNote = page.T("required.rare")
	}
	sections := root.Sections
	if len(sections) == 0 {
		sections = []schemas.Section{{Fields: root.Fields}}
	}
	for _, part := range sections {
		page.Sections = append(page.Sections, section{part.Title, part.Description, d.questions(part.Fields)})
	}
	shown, _ := json.Marshal(d.shown) // strings always marshal
	page.Shown = string(shown)
	page.Riding = riding(f.posted, d.shown)
	for _, violation := range f.problems {
		page.Problems = append(page.Problems, d.problem(violation))
	}
	page.Wrong = len(f.problems) > 0
	page.ProblemsHeading = problemsHeading(language, len(f.problems))
	return page
}

func problemsHeading(language string, n int) string {
	if n == 1 {
		return sayf(language, "Il reste une réponse à corriger", "One answer needs correcting")
	}
	return sayf(language, "Il reste %d réponses à corriger", "%d answers need correcting", n)
}

// problem words a line of the summary and links it to the control.
func (d *drawing) problem(violation schemas.Violation) problem {
	text := violation.Message
	if violation.Label != "" {
		text = violation.Label + d.say("colon") + text
	}
	target := d.target[violation.Pointer]
	for pointer := violation.Pointer; target == "" && pointer != ""; {
		pointer = pointer[:strings.LastIndex(pointer, "/")]
		target = d.target[pointer]
	}
	if target == "" {
		return problem{Text: text}
	}
	return problem{Href: "#" + target, Text: text}
}

// riding gives the posted answers that the page does not ask now.
func riding(posted url.Values, shown []string) []hidden {
	asked := map[string]bool{}
	for _, pointer := range shown {
		asked[pointer] = true
	}
	var carried []hidden
	for name, values := range posted {
		if !strings.HasPrefix(name, "/") || asked[name] {
			continue
		}
		for _, value := range values {
			if value != "" {
				carried = append(carried, hidden{name, value})
			}
		}
	}
	return carried
}

// notice is the short text about data beside the button.
func notice(definition *schemas.Definition) string {
	privacy := definition.Privacy
	if privacy == nil {
		return ""
	}
	return sayf(definition.Language, "Vos réponses servent à %s. Elles sont effacées %s après. Responsable\u00a0: %s.",
		"Your answers are used for %s. They are erased %s afterwards. Controller: %s.", privacy.Purpose, duration(privacy.Retention, definition.Language), privacy.Controller)
}

// view gives the public view of the form that the address names, and remembers it for when the store is away.
func (s *Server) view(c *fiber.Ctx) (*forms.View, error) {
	slug := c.Params("slug")
	view, err := s.service.View(c.UserContext(), slug)
	if err == nil {
		s.latest.Store(slug, view)
	}
	return view, err
}
