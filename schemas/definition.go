// Package schemas knows what a form asks: definitions, their fields, and the answers they accept.
// It knows no database, no HTTP and no clock.
package schemas

import (
	"encoding/json"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Answers is what one person answered: values are string, int64, float64, bool, nil,
// []any and map[string]any.
type Answers = map[string]any

// Definition is a checked definition in one of its languages. It is immutable and safe for
// concurrent use.
type Definition struct {
	Settings
	Title       string   // the event's name, else the schema's title, else the slug, else the file's name
	Description string   // the event's summary, else the schema's description
	Bytes       []byte   // the definition as it was given
	Languages   []string // its own first, then those it is translated into, sorted

	root   *jsonschema.Schema
	rules  *applicable
	ui     *node
	fields *Field
	where  map[string]*jsonschema.Schema // by list id
	tongue map[string]*Definition        // every language, shared by all of them
}

// In gives the definition in a language, or in its own where it is not translated into it.
func (d *Definition) In(language string) *Definition {
	if translated := d.tongue[language]; translated != nil {
		return translated
	}
	return d.tongue[d.Languages[0]]
}

// InMessages gives the definition with its messages in a language, whether or not its questions are translated into it.
func (d *Definition) InMessages(language string) *Definition {
	twin := *d
	twin.Language = language
	return &twin
}

// Parts gives the schema and the uiSchema as they were written, byte for byte; uiSchema is nil where there is none.
func (d *Definition) Parts() (schema, uiSchema json.RawMessage) {
	var parts struct {
		Schema   json.RawMessage `json:"schema"`
		UISchema json.RawMessage `json:"uiSchema"`
	}
	if err := json.Unmarshal(d.Bytes, &parts); err != nil || len(parts.Schema) == 0 || parts.Schema[0] != '{' {
		return d.Bytes, nil // a bare schema
	}
	return parts.Schema, parts.UISchema
}

// Fields gives the static tree of fields: every branch of every condition. The caller must not change it.
func (d *Definition) Fields() *Field { return d.fields }

// Resolve gives the fields that apply to the answers.
func (d *Definition) Resolve(answers Answers) *Field {
	return d.build(answers, activeBranch)
}

func (d *Definition) build(answers Answers, m mode) *Field {
	var value any
	if answers != nil {
		value = answers
	}
	b := &builder{applicable: d.rules, mode: m, language: d.Language}
	return b.build(place{}, "", []*jsonschema.Schema{d.root}, d.ui, value, nil)
}

// Selects says whether the answers satisfy the list's where; a list without one selects all.
func (d *Definition) Selects(list List, answers Answers) bool {
	where := d.where[list.ID]
	return where == nil || where.Validate(answers) == nil
}

// Find gives the field at a pointer of the static tree ("*" for indexes), nil where there is none.
func (field *Field) Find(pointer string) *Field {
	tokens, ok := Tokens(pointer)
	if !ok {
		return nil
	}
	for _, token := range tokens {
		if field = field.under(token); field == nil {
			return nil
		}
	}
	return field
}

// under gives the field under a property name, or under "*" or an index of a group.
func (field *Field) under(token string) *Field {
	if field.Kind != Group {
		return field.child(token)
	}
	if _, isIndex := index(token); isIndex || token == "*" {
		return field.Item
	}
	return nil
}

func (field *Field) child(name string) *Field {
	if field != nil {
		for _, child := range field.Fields {
			if child.Name == name {
				return child
			}
		}
	}
	return nil
}
