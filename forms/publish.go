package forms

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"guichet/schemas"
)

// Published is the outcome of a publishing.
type Published struct {
	Form     Form
	Version  Version
	Changed  bool // false: these bytes are the current version already, nothing was written
	Warnings []schemas.Problem
}

// DefinitionError holds what is wrong with a definition.
type DefinitionError struct{ Problems []schemas.Problem }

func (e *DefinitionError) Error() string { return e.Problems[0].String() }

// Check reads a definition as Publish does: by schemas.Parse, then by what this version of Guichet honours. The definition is nil
// when a problem is not a warning.
func Check(file string, data []byte) (*schemas.Definition, []schemas.Problem) {
	definition, problems := schemas.Parse(file, data)
	if definition == nil {
		return nil, problems
	}
	refuse := func(pointer, fr, en string) {
		problems = append(problems, schemas.Problem{File: file, Pointer: pointer, Reason: schemas.Wording{FR: fr, EN: en}})
		definition = nil
	}
	registration := definition.Registration
	if registration.WaitingList {
		refuse("/registration/waitingList", "les listes d'attente n'existent pas encore dans cette version de Guichet : retirez ce réglage", "there are no waiting lists in this version of Guichet yet: remove this setting")
	}
	if registration.OnePer != "" {
		refuse("/registration/onePer", "une seule inscription par personne n'est pas encore possible dans cette version de Guichet : retirez ce réglage", "one submission per person is not possible in this version of Guichet yet: remove this setting")
	}
	return definition, problems
}

// Publish checks a definition and makes it the next version of its form, or a new form in state draft. file names it in
// problems; slug overrides the definition's. Problems come as *DefinitionError; a change of type on an
// answered pointer as *Error with code conflict, with one of Fields for each.
func (s *Service) Publish(ctx context.Context, file, slug string, data []byte) (Published, error) {
	definition, problems := Check(file, data)
	if definition == nil {
		return Published{}, &DefinitionError{problems}
	}
	slug, err := chooseSlug(slug, definition, file)
	if err != nil {
		return Published{}, err
	}
	defer s.forget(slug)
	sum := sha256.Sum256(data)
	for range tries {
		published := Published{Warnings: problems}
		form, err := s.store.Form(ctx, slug)
		switch {
		case CodeOf(err) == NotFound:
			form = Form{Slug: slug, State: Draft, Created: s.now()}
		case err != nil:
			return Published{}, err
		default:
			current, err := s.store.Version(ctx, slug, form.Version)
			if err != nil {
				return Published{}, err
			}
			if bytes.Equal(current.Bytes, data) {
				published.Form, published.Version = form, current
				return published, nil
			}
			if err := s.refuseRetyping(ctx, form, definition); err != nil {
				return Published{}, err
			}
		}
		form.Version++
		form.Revision++
		form.Updated = s.now()
		version := Version{Form: slug, Number: form.Version, SHA256: hex.EncodeToString(sum[:]), Bytes: data, Published: form.Updated}
		err = s.store.Publish(ctx, form, version, limited(definition))
		if err == nil {
			published.Form, published.Version, published.Changed = form, version, true
			return published, nil
		}
		if !errors.Is(err, ErrStale) {
			return Published{}, err
		}
	}
	return Published{}, errBusy()
}

var slugs = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)

// chooseSlug gives the slug that was asked for, else the definition's, else one made from the file's name.
func chooseSlug(asked string, definition *schemas.Definition, file string) (string, error) {
	slug := asked
	if slug == "" {
		slug = definition.Slug
	}
	if slug == "" {
		name := strings.ToLower(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
		slug = strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(name, "-"), "-")
	}
	if !slugs.MatchString(slug) {
		return "", &Error{Code: Invalid, Message: schemas.Wording{
			FR: fmt.Sprintf("« %s » ne peut pas servir d’adresse : prenez de 1 à 64 minuscules sans accent, chiffres ou tirets, par exemple journee-2019.", slug),
			EN: fmt.Sprintf("“%s” cannot be an address: take 1 to 64 lower-case letters without accents, digits or hyphens, for example day-2019.", slug),
		}}
	}
	return slug, nil
}

// limited gives the names of all places that a definition limits.
func limited(definition *schemas.Definition) []string {
	var names []string
	for _, claim := range limits(definition) {
		names = append(names, claim.Name)
	}
	return names
}

// limits gives every limit of a definition.
func limits(definition *schemas.Definition) []Claim {
	var claims []Claim
	if places := definition.Registration.Places; places > 0 {
		claims = append(claims, Claim{Name: "", Limit: places})
	}
	for pointer, choices := range definition.Registration.Choices {
		for choice, places := range choices {
			claims = append(claims, Claim{Name: PlaceName(pointer, choice), Limit: places})
		}
	}
	slices.SortFunc(claims, func(a, b Claim) int { return strings.Compare(a.Name, b.Name) })
	return claims
}

// refuseRetyping refuses a definition that gives another type to a field that was answered: one column cannot hold both.
func (s *Service) refuseRetyping(ctx context.Context, form Form, next *schemas.Definition) error {
	retyped := map[int][]*schemas.Field{} // by version: its fields that next has with another kind
	for number := 1; number <= form.Version; number++ {
		earlier, err := s.Definition(ctx, form.Slug, number)
		if err != nil {
			return err
		}
		kinds := map[string]schemas.Kind{}
		next.Fields().Walk(func(field *schemas.Field) bool { kinds[field.ID] = stored(field); return true })
		earlier.Fields().Walk(func(field *schemas.Field) bool {
			if kind, there := kinds[field.ID]; there && kind != stored(field) {
				retyped[number] = append(retyped[number], field)
			}
			return true
		})
	}
	if len(retyped) == 0 {
		return nil
	}
	answered := map[string]*schemas.Field{}
	for submission, err := range s.store.Submissions(ctx, Query{Form: form.Slug}) {
		if err != nil {
			return err
		}
		fields := retyped[submission.Version]
		if len(fields) == 0 {
			continue
		}
		answers, violations := schemas.DecodeJSON(submission.Answers, "en")
		if violations != nil {
			return fmt.Errorf("answers of %s are unreadable: %s", submission.ID, violations[0].Message)
		}
		for _, field := range fields {
			if has(answers, field.Pointer) {
				answered[field.Pointer] = field
			}
		}
	}
	if len(answered) == 0 {
		return nil
	}
	return retypingError(answered)
}

func retypingError(answered map[string]*schemas.Field) error {
	refused := &Error{Code: Conflict, Message: schemas.Wording{
		FR: "Des réponses existent déjà pour des questions dont le type change. Donnez un autre nom à la nouvelle question : l’ancienne garde ses réponses.",
		EN: "There are answers already to questions whose type changes. Give the new question another name: the old one keeps its answers.",
	}}
	for pointer, field := range answered {
		refused.Fields = append(refused.Fields, schemas.Violation{Pointer: pointer, Code: "retyped", Label: field.Label, Message: refused.Message.FR})
	}
	slices.SortFunc(refused.Fields, func(a, b schemas.Violation) int { return strings.Compare(a.Pointer, b.Pointer) })
	return refused
}

// stored gives the kind of a field as its values are stored: a question may become a choice of the same texts.
func stored(field *schemas.Field) schemas.Kind {
	if field.Kind != schemas.Choose {
		return field.Kind
	}
	for _, choice := range field.Choices {
		switch choice.Value.(type) {
		case int64, float64:
			return schemas.Number
		case bool:
			return schemas.Boolean
		}
	}
	return schemas.Text
}

// has says whether there is an answer at a pointer of the static tree: "*" stands for any item.
func has(value any, pointer string) bool {
	tokens, _ := schemas.Tokens(pointer)
	return hasAt(value, tokens)
}

func hasAt(value any, tokens []string) bool {
	if len(tokens) == 0 {
		return true
	}
	switch value := value.(type) {
	case map[string]any:
		member, there := value[tokens[0]]
		return there && hasAt(member, tokens[1:])
	case []any:
		return slices.ContainsFunc(value, func(item any) bool { return hasAt(item, tokens[1:]) })
	}
	return false
}
