package server

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/schemas"
)

//go:embed templates/*.html
var templateFiles embed.FS

// views are the pages' templates, parsed once.
type views struct {
	pages map[string]*template.Template
}

func newViews() (*views, error) {
	v := &views{pages: map[string]*template.Template{}}
	for _, page := range []string{"form", "receipt", "notice", "home", "text"} {
		parsed, err := template.ParseFS(templateFiles, "templates/layout.html", "templates/"+page+".html")
		if err != nil {
			return nil, err
		}
		v.pages[page] = parsed
	}
	return v, nil
}

// render draws a page whole before anything is sent: a template that fails must not leave half a page.
func (v *views) render(page string, data any) ([]byte, error) {
	var out bytes.Buffer
	if err := v.pages[page].ExecuteTemplate(&out, "layout", data); err != nil {
		return nil, fmt.Errorf("page %s: %w", page, err)
	}
	return out.Bytes(), nil
}

// frame is what every page has around its content.
type frame struct {
	Lang, Title, Heading, Lead, Organiser string
	Languages                             []anchor
	Facts                                 []fact
	Style, Icon                           string
	Query                                 string // "?lang=en" on links to pages that have no language of their own
	PrivacyHref                           string
	Contact, EventURL                     string
	Wrong, Private                        bool
}

// T gives a text in the page's language.
func (f frame) T(key string) string { return say(key, f.Lang) }

type anchor struct{ Href, Name, Lang string }

type fact struct{ Term, Text, More string }

// show sends a page.
func (s *Server) show(c *fiber.Ctx, status int, page string, data any) error {
	html, err := s.views.render(page, data)
	if err != nil {
		return err
	}
	return s.send(c, status, html)
}

func (s *Server) send(c *fiber.Ctx, status int, html []byte) error {
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Vary(fiber.HeaderAcceptLanguage)
	return c.Status(status).Send(html)
}

// frame makes the frame of a page that belongs to no form.
func (s *Server) frame(c *fiber.Ctx, title string) frame {
	language := s.language(c, nil)
	f := frame{Lang: language, Title: title, Heading: title, Style: s.files["guichet.css"], Icon: s.files["icon.svg"], Organiser: s.config.Publisher, Query: "?lang=" + language}
	if f.Organiser == "" {
		f.Organiser = "Guichet"
	}
	f.Languages = languageLinks(c.Path(), []string{"fr", "en"}, language)
	return f
}

// formFrame makes the frame of a form's page, in a language the form has.
func (s *Server) formFrame(path string, slug string, definition *schemas.Definition, view *forms.View) frame {
	f := frame{
		Lang: definition.Language, Title: definition.Title, Heading: definition.Title, Style: s.files["guichet.css"], Icon: s.files["icon.svg"], Query: "?lang=" + definition.Language,
		Languages: languageLinks(path, definition.Languages, definition.Language),
	}
	if event := definition.Event; event != nil {
		f.Organiser, f.Contact, f.EventURL = event.Organiser, event.Contact, event.URL
		if text := when(event, definition.Location(), f.Lang); text != "" {
			f.Facts = append(f.Facts, fact{Term: f.T("when"), Text: text})
		}
		if event.Place != "" || event.Address != "" {
			place := fact{Term: f.T("where"), Text: event.Place, More: event.Address}
			if place.Text == "" {
				place.Text, place.More = place.More, ""
			}
			f.Facts = append(f.Facts, place)
		}
	}
	if definition.Privacy != nil {
		f.PrivacyHref = "/f/" + slug + "/confidentialite?lang=" + f.Lang
		if f.Contact == "" {
			f.Contact = definition.Privacy.Contact
		}
	}
	if view != nil {
		if left, limited := view.Left[""]; limited {
			f.Facts = append(f.Facts, fact{Term: f.T("places"), Text: sayf(f.Lang, "%d sur %d", "%d of %d", left, definition.Registration.Places)})
		}
	}
	return f
}

func languageLinks(path string, languages []string, current string) []anchor {
	path = "/" + strings.TrimLeft(path, "/\\") // two slashes would lead to another host
	var links []anchor
	for _, language := range languages {
		if language != current {
			links = append(links, anchor{Href: path + "?lang=" + language, Name: languageNames[language], Lang: language})
		}
	}
	return links
}

// language chooses the language of a page: what the address asks for, else what the browser prefers, else the form's own.
// definition is nil for pages of no form.
func (s *Server) language(c *fiber.Ctx, definition *schemas.Definition) string {
	available := []string{"fr", "en"}
	if definition != nil {
		available = definition.Languages
	}
	wanted := []string{c.Query("lang")}
	for _, part := range strings.Split(c.Get(fiber.HeaderAcceptLanguage), ",") {
		tag, _, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		wanted = append(wanted, strings.ToLower(primary))
	}
	for _, language := range wanted {
		for _, one := range available {
			if language == one {
				return one
			}
		}
	}
	return available[0]
}
