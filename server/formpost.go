package server

import (
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/schemas"
)

// maxControls is how many values a form may post.
const maxControls = 5000

func (s *Server) handleFormPost(c *fiber.Ctx) error {
	posted, err := readPosted(c)
	if err != nil {
		return err
	}
	f, err := s.filling(c, posted)
	if err != nil {
		return err
	}
	var shown []string
	// A page of ours always posts it; whatever else comes counts as nothing shown, and the page is shown again.
	_ = json.Unmarshal([]byte(posted.Get("_shown")), &shown)
	switch {
	case posted.Has("_add"):
		return s.showAdded(c, f, shown, posted.Get("_add"))
	case posted.Has("_remove"):
		return s.showRemoved(c, f, shown, posted.Get("_remove"))
	}
	f.answers = f.definition.DecodeForm(posted, shown)
	if f.version == 0 {
		f.version, f.alert = f.view.Form.Version, &alert{say("old", f.definition.Language), say("old.text", f.definition.Language)}
		return s.showForm(c, fiber.StatusOK, f)
	}
	if unasked(f.definition.Resolve(f.answers), shown) {
		f.alert = &alert{say("more", f.definition.Language), say("more.text", f.definition.Language)}
		return s.showForm(c, fiber.StatusOK, f)
	}
	return s.submit(c, f, shown)
}

// submit hands the answers in, or shows them again with what stands against them.
func (s *Server) submit(c *fiber.Ctx, f filling, shown []string) error {
	entry := forms.Entry{Form: f.view.Form.Slug, Version: f.version, Language: f.definition.Language, Answers: f.answers, Key: f.token}
	receipt, err := s.service.Submit(c.UserContext(), entry)
	if err == nil {
		return c.Redirect("/f/"+f.view.Form.Slug+"/r/"+receipt.Token+"?lang="+f.definition.Language, fiber.StatusSeeOther)
	}
	var known *forms.Error
	if !errors.As(err, &known) {
		return err
	}
	f.answers = f.definition.DecodeForm(f.posted, shown) // Submit prunes the answers it is given
	language := f.definition.Language
	switch known.Code {
	case forms.Invalid, forms.Full:
		f.problems = known.Fields
		if len(f.problems) == 0 {
			f.alert = &alert{say("form.full", language), say("form.full.text", language)}
		}
	case forms.NotOpen:
		f.alert = &alert{say("closed", language), known.Message.In(language)}
	case forms.Unavailable:
		s.log.Error("submission not kept", "error", err.Error())
		f.alert = &alert{say("unavailable", language), say("unavailable.text", language)}
	default:
		return err
	}
	return s.showForm(c, status(known.Code), f)
}

// filling finds the form, and the version and language that the page showed.
func (s *Server) filling(c *fiber.Ctx, posted url.Values) (filling, error) {
	view, err := s.view(c)
	if err != nil {
		// The answers must not be lost because the store is away: the page is drawn from what was seen last.
		latest, seen := s.latest.Load(c.Params("slug"))
		if forms.CodeOf(err) != forms.Unavailable || !seen {
			return filling{}, err
		}
		view = latest.(*forms.View)
	}
	f := filling{view: view, definition: view.Definition, posted: posted, token: posted.Get("_token")}
	version, fresh := s.service.OpenPageToken(view.Form.Slug, f.token)
	if version > 0 && version <= view.Form.Version {
		if f.definition, err = s.service.Definition(c.UserContext(), view.Form.Slug, version); err != nil {
			return filling{}, err
		}
	}
	if fresh {
		f.version = version
	} else {
		f.definition = view.Definition
		f.token = s.service.PageToken(view.Form.Slug, view.Form.Version)
	}
	f.definition = f.definition.In(s.language(c, f.definition))
	return f, nil
}

// showForm draws the form again with the answers given so far.
func (s *Server) showForm(c *fiber.Ctx, status int, f filling) error {
	return s.show(c, status, "form", s.formPage(f))
}

// showAdded shows the form with one more blank item in a group.
func (s *Server) showAdded(c *fiber.Ctx, f filling, shown []string, pointer string) error {
	f.answers = f.definition.DecodeDraft(f.posted, shown)
	group := find(f.definition.Resolve(f.answers), pointer)
	if group != nil && group.Kind == schemas.Group && group.Item != nil && (group.MaxItems == nil || len(group.Items) < *group.MaxItems) {
		f.answers = edit(f.answers, pointer, func(items []any) []any {
			var blank any
			if group.Item.Kind == schemas.Object {
				blank = map[string]any{}
			}
			return append(items, blank)
		}).(map[string]any)
	}
	return s.showChanged(c, f, pointer)
}

// showRemoved shows the form with one item of a group less.
func (s *Server) showRemoved(c *fiber.Ctx, f filling, shown []string, pointer string) error {
	f.answers = f.definition.DecodeDraft(f.posted, shown)
	group, index := pointer, ""
	if slash := strings.LastIndex(pointer, "/"); slash >= 0 {
		group, index = pointer[:slash], pointer[slash+1:]
	}
	field := find(f.definition.Resolve(f.answers), group)
	if i, err := strconv.Atoi(index); err == nil && field != nil && field.Kind == schemas.Group {
		f.answers = edit(f.answers, group, func(items []any) []any {
			if i < 0 || i >= len(items) {
				return items
			}
			return append(append([]any{}, items[:i]...), items[i+1:]...)
		}).(map[string]any)
	}
	return s.showChanged(c, f, group)
}

// showChanged shows the form at the group that changed. What was posted under it has new places in the answers now, and must not ride
// along under its old ones.
func (s *Server) showChanged(c *fiber.Ctx, f filling, group string) error {
	for name := range f.posted {
		if strings.HasPrefix(name, group+"/") {
			delete(f.posted, name)
		}
	}
	if f.version == 0 {
		f.version = f.view.Form.Version
	}
	return s.showForm(c, fiber.StatusOK, f)
}

// edit gives answers with the array at a pointer changed.
func edit(value any, pointer string, change func([]any) []any) any {
	tokens, _ := schemas.Tokens(pointer)
	return editAt(value, tokens, change)
}

func editAt(value any, tokens []string, change func([]any) []any) any {
	if len(tokens) == 0 {
		items, _ := value.([]any)
		return change(items)
	}
	switch value := value.(type) {
	case map[string]any:
		value[tokens[0]] = editAt(value[tokens[0]], tokens[1:], change)
	case []any:
		if i, err := strconv.Atoi(tokens[0]); err == nil && i >= 0 && i < len(value) {
			value[i] = editAt(value[i], tokens[1:], change)
		}
	}
	return value
}

// find gives the field at a pointer of a resolved tree.
func find(root *schemas.Field, pointer string) *schemas.Field {
	var found *schemas.Field
	root.Walk(func(field *schemas.Field) bool {
		if field.Pointer == pointer {
			found = field
		}
		return found == nil
	})
	return found
}

// unasked says whether a question applies that the page did not show.
func unasked(root *schemas.Field, shown []string) bool {
	seen := map[string]bool{}
	for _, pointer := range shown {
		seen[pointer] = true
	}
	missing := false
	root.Walk(func(field *schemas.Field) bool {
		isBlank := strings.Contains(field.Pointer, "/*") // the blank item of an empty group
		if field.Kind != schemas.Object && !isBlank && !seen[field.Pointer] {
			missing = true
		}
		return !missing
	})
	return missing
}

// readPosted reads what a form posted, urlencoded or multipart.
func readPosted(c *fiber.Ctx) (url.Values, error) {
	posted := url.Values{}
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		form, err := c.MultipartForm()
		if err != nil {
			return nil, unreadable(err)
		}
		posted = form.Value
	} else {
		parsed, err := url.ParseQuery(string(c.Body()))
		if err != nil {
			return nil, unreadable(err)
		}
		posted = parsed
	}
	total := 0
	for _, values := range posted {
		total += len(values)
	}
	if total > maxControls {
		return nil, unreadable(errors.New("too many values"))
	}
	return posted, nil
}

func unreadable(cause error) error {
	return &forms.Error{Code: forms.Invalid, Cause: cause, Message: schemas.Wording{
		FR: "Ces réponses n’ont pas pu être lues. Revenez au formulaire et envoyez-les de nouveau.",
		EN: "These answers could not be read. Go back to the form and send them again.",
	}}
}
