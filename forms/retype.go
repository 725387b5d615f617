package forms

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"guichet/schemas"
)

// refuseRetyping refuses a definition that gives another type to a field that was answered: one column cannot hold both. The
// submissions are read only where a type changes.
func (s *Service) refuseRetyping(ctx context.Context, form Form, next *schemas.Definition) error {
	types := map[string]string{} // of the new fields, by id
	next.Fields().Walk(func(field *schemas.Field) bool { types[field.ID] = typeOf(field); return true })
	retyped := map[int][]*schemas.Field{} // by earlier version
	for number := 1; number <= form.Version; number++ {
		earlier, err := s.Definition(ctx, form.Slug, number)
		if err != nil {
			return err
		}
		earlier.Fields().Walk(func(field *schemas.Field) bool {
			if now, there := types[field.ID]; there && now != typeOf(field) {
				retyped[number] = append(retyped[number], field)
			}
			return true
		})
	}
	if len(retyped) == 0 {
		return nil
	}
	answered, err := s.answered(ctx, form.Slug, retyped)
	if err != nil || len(answered) == 0 {
		return err
	}
	refused := &Error{Code: Conflict, Message: schemas.Wording{
		FR: "Des réponses existent déjà pour des questions dont le type change. Donnez un autre nom à la nouvelle question\u00a0: l’ancienne garde ses réponses.",
		EN: "There are answers already to questions whose type changes. Give the new question another name: the old one keeps its answers.",
	}}
	message := schemas.Wording{
		FR: "Cette question a déjà des réponses\u00a0: son type ne peut plus changer. Donnez un autre nom à la nouvelle question.",
		EN: "This question has answers already: its type cannot change any more. Give the new question another name.",
	}
	for _, pointer := range slices.Sorted(maps.Keys(answered)) {
		refused.Fields = append(refused.Fields, schemas.Violation{Pointer: pointer, Code: "retyped", Label: answered[pointer].Label, Message: message.In(next.Language)})
	}
	return refused
}

// answered gives, by pointer, those of the fields that a submission to their version answered.
func (s *Service) answered(ctx context.Context, slug string, fields map[int][]*schemas.Field) (map[string]*schemas.Field, error) {
	answered := map[string]*schemas.Field{}
	for submission, err := range s.store.Submissions(ctx, Query{Form: slug}) {
		if err != nil {
			return nil, err
		}
		if len(fields[submission.Version]) == 0 {
			continue
		}
		answers, violations := schemas.DecodeJSON(submission.Answers, "en")
		if violations != nil {
			return nil, fmt.Errorf("answers of submission %s: %s", submission.ID, violations[0].Message)
		}
		for _, field := range fields[submission.Version] {
			tokens, _ := schemas.Tokens(field.Pointer)
			if answered[field.Pointer] == nil && holds(answers, tokens) {
				answered[field.Pointer] = field
			}
		}
	}
	return answered, nil
}

// typeOf names the type of a field's values as they are kept: a question of free text may become a choice of texts.
func typeOf(field *schemas.Field) string {
	if field.Kind != schemas.Choose && field.Kind != schemas.Several {
		return string(field.Kind)
	}
	kinds := map[string]bool{}
	for _, choice := range field.Choices {
		switch choice.Value.(type) {
		case string:
			kinds[string(schemas.Text)] = true
		case int64:
			kinds[string(schemas.Integer)] = true
		case float64:
			kinds[string(schemas.Number)] = true
		case bool:
			kinds[string(schemas.Boolean)] = true
		}
	}
	if kinds[string(schemas.Number)] {
		delete(kinds, string(schemas.Integer)) // 1 among 0.5, 1 and 1.5
	}
	values := strings.Join(slices.Sorted(maps.Keys(kinds)), " ")
	if field.Kind == schemas.Several {
		return "several " + values
	}
	return values
}

// holds says whether there is an answer at a pointer of the static tree: "*" stands for any item, and null is none.
func holds(value any, tokens []string) bool {
	if len(tokens) == 0 {
		return value != nil
	}
	switch value := value.(type) {
	case map[string]any:
		return holds(value[tokens[0]], tokens[1:])
	case []any:
		return slices.ContainsFunc(value, func(item any) bool { return holds(item, tokens[1:]) })
	}
	return false
}
