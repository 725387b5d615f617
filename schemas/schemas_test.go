package schemas_test

import (
	"encoding/json"
	"strings"
	"testing"

	"guichet/schemas"
)

// mustParse parses a definition that has to be right, warnings aside.
func mustParse(t *testing.T, source string) *schemas.Definition {
	t.Helper()
	definition, problems := schemas.Parse("form.json", []byte(source))
	if definition == nil {
		t.Fatalf("Parse refused the definition: %v", problems)
	}
	return definition
}

// decode reads answers that have to be right.
func decode(t *testing.T, source string) schemas.Answers {
	t.Helper()
	answers, violations := schemas.DecodeJSON([]byte(source), "en")
	if violations != nil {
		t.Fatalf("DecodeJSON(%s) = %v", source, violations)
	}
	return answers
}

func encode(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pointers lists what a tree asks, in display order.
func pointers(root *schemas.Field) string {
	var found []string
	root.Walk(func(field *schemas.Field) bool {
		if field.Pointer != "" {
			found = append(found, field.Pointer)
		}
		return true
	})
	return strings.Join(found, " ")
}

// talks is a small form with everything that depends on something else.
const talks = `{
  "schema": {
    "type": "object",
    "required": ["email"],
    "properties": {
      "email": {"type": "string", "format": "email", "title": "Adresse électronique"},
      "presenter": {"type": "boolean", "title": "Présenter"},
      "age": {"type": "integer", "minimum": 18},
      "ateliers": {"type": "array", "uniqueItems": true, "items": {"oneOf": [{"const": "geo", "title": "Coin géo"}, {"const": "ops", "title": "Coin ops"}]}}
    },
    "if": {"properties": {"presenter": {"const": true}}, "required": ["presenter"]},
    "then": {
      "required": ["presentations"],
      "properties": {
        "presentations": {"type": "array", "minItems": 1, "title": "Présentations", "items": {
          "type": "object", "required": ["titre", "minutes"],
          "properties": {
            "titre": {"type": "string", "minLength": 3, "title": "Titre"},
            "minutes": {"type": "integer", "enum": [5, 6, 7, 8]},
            "invites": {"type": "array", "items": {"type": "object", "properties": {"nom": {"type": "string"}, "vient": {"type": "boolean"}}}}
          },
          "if": {"properties": {"minutes": {"const": 8}}, "required": ["minutes"]},
          "then": {"properties": {"pourquoi": {"type": "string"}}}
        }}
      }
    },
    "else": {"properties": {"raison": {"type": "string"}}}
  },
  "uiSchema": {"presenter": {"ui:widget": "radio"}}
}`
