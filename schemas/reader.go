package schemas

import (
	"encoding/json"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// reader reads what the schemas of one field, as written, and its part of the uiSchema say. Where several speak, the
// first that does decides.
type reader struct {
	nodes []*node
	ui    *node
}

func (a *applicable) reader(flat []*jsonschema.Schema, ui *node) reader {
	nodes := make([]*node, 0, len(flat))
	for _, sch := range flat {
		if n := a.nodes[sch]; n != nil && n.members != nil {
			nodes = append(nodes, n)
		}
	}
	return reader{nodes, ui}
}

// keyword gives what the schemas say under a keyword.
func (r reader) keyword(name string) *node {
	for _, n := range r.nodes {
		if found := n.members[name]; found != nil {
			return found
		}
	}
	return nil
}

// option gives an option of the uiSchema: ui:x and ui:options.x are the same, in the uiSchema or inline in the schema.
func (r reader) option(name string) *node {
	for _, n := range append([]*node{r.ui}, r.nodes...) {
		if found := n.get("ui:" + name); found != nil {
			return found
		}
		if found := n.get("ui:options", name); found != nil {
			return found
		}
	}
	return nil
}

// types gives the JSON types that are allowed, in the order they are written.
func (r reader) types() []string {
	written := r.keyword("type")
	if written == nil {
		return nil
	}
	if name := written.text(); name != "" {
		return []string{name}
	}
	var names []string
	for _, item := range written.items {
		names = append(names, item.text())
	}
	return names
}

func (r reader) kind() Kind {
	types := slices.DeleteFunc(r.types(), func(name string) bool { return name == "null" })
	if len(r.choices()) > 0 {
		return Choose
	}
	if len(types) == 0 {
		switch {
		case r.keyword("properties") != nil:
			return Object
		case r.keyword("items") != nil:
			types = []string{"array"}
		default:
			return Text
		}
	}
	switch types[0] {
	case "object":
		return Object
	case "boolean":
		return Boolean
	case "integer":
		return Integer
	case "number":
		return Number
	case "array":
		if r.checkboxes() {
			return Several
		}
		return Group
	}
	return Text
}

// checkboxes says whether an array is a set of choices.
func (r reader) checkboxes() bool {
	element := r.keyword("items")
	if element == nil || element.members == nil {
		return false
	}
	unique := r.keyword("uniqueItems")
	set := r.option("widget").text() == "checkboxes" || unique != nil && unique.scalar == true
	return set && len(reader{nodes: []*node{element}}.choices()) > 0
}

// choices gives the options of a field: enum with enumNames, or a oneOf or anyOf of const and title.
func (r reader) choices() []Choice {
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if choices := titled(r.keyword(keyword)); choices != nil {
			return choices
		}
	}
	enum := r.keyword("enum")
	if enum == nil {
		return nil
	}
	names := r.option("enumNames")
	if names == nil {
		names = r.keyword("enumNames")
	}
	var choices []Choice
	for i, item := range enum.items {
		choice := newChoice(item)
		if i < len(names.list()) && names.items[i].text() != "" {
			choice.Label = names.items[i].text()
		}
		choices = append(choices, choice)
	}
	return choices
}

// titled reads alternatives that each fix one value; nil where one of them does not.
func titled(alternatives *node) []Choice {
	var choices []Choice
	for _, alternative := range alternatives.list() {
		value := alternative.get("const")
		if enum := alternative.get("enum"); value == nil && len(enum.list()) == 1 {
			value = enum.items[0]
		}
		if value == nil || value.members != nil || value.array {
			return nil
		}
		choice := newChoice(value)
		if title := alternative.get("title").text(); title != "" {
			choice.Label = title
		}
		choice.Help = alternative.get("description").text()
		choices = append(choices, choice)
	}
	return choices
}

func newChoice(value *node) Choice {
	key := value.text()
	plain := value.plain()
	if number, ok := plain.(json.Number); ok {
		if exact, fits := number64(number.String()); fits {
			plain = exact
		}
	}
	if _, isText := plain.(string); !isText {
		key = string(appendValue(nil, plain))
	}
	return Choice{Value: plain, Key: key, Label: key}
}

// describe fills the words of a field.
func (r reader) describe(field *Field) {
	field.Label = r.option("title").text()
	if field.Label == "" {
		field.Label = r.keyword("title").text()
	}
	if field.Label == "" {
		field.Label = field.Name
	}
	field.Description = r.option("description").text()
	if field.Description == "" {
		field.Description = r.keyword("description").text()
	}
	field.Help = r.option("help").text()
	field.Placeholder = r.option("placeholder").text()
	field.Format = r.keyword("format").text()
	field.Pattern = r.keyword("pattern").text()
	field.SubmitLabel = r.option("submitButtonOptions").get("submitText").text()
	field.Nullable = slices.Contains(r.types(), "null")
	for _, name := range []string{"readonly", "disabled"} {
		if flag := r.option(name); flag != nil && flag.scalar == true {
			field.ReadOnly = true
		}
	}
	if flag := r.keyword("readOnly"); flag != nil && flag.scalar == true {
		field.ReadOnly = true
	}
	if value := r.keyword("default"); value != nil {
		field.Default = typed(value.plain())
	}
	if constant := r.keyword("const"); constant != nil && field.Kind == Boolean {
		field.MustBe, _ = constant.scalar.(bool)
	}
	field.Autocomplete = r.option("autocomplete").text()
}

// limits fills the bounds that a page tells in advance.
func (r reader) limits(field *Field) {
	field.Minimum, field.Maximum = r.keyword("minimum").float(), r.keyword("maximum").float()
	field.MinLength, field.MaxLength = r.keyword("minLength").whole(), r.keyword("maxLength").whole()
	field.MinItems, field.MaxItems = r.keyword("minItems").whole(), r.keyword("maxItems").whole()
}

// autocomplete gives the HTML token for data that people type about themselves: RGAA 11.13.
func autocomplete(field *Field) string {
	switch field.Format {
	case "email", "idn-email":
		return "email"
	}
	switch field.Name {
	case "prenom", "givenName", "given_name", "firstName", "first_name":
		return "given-name"
	case "nom", "familyName", "family_name", "lastName", "last_name":
		return "family-name"
	case "organisation", "organization", "company":
		return "organization"
	case "telephone", "phone", "tel":
		return "tel"
	}
	return ""
}
