package schemas

// Kind says how a field is asked and kept.
type Kind string

const (
	Text    Kind = "text"    // a string
	Integer Kind = "integer" // an int64
	Number  Kind = "number"  // an int64 or a float64
	Boolean Kind = "boolean" // true or false
	Choose  Kind = "choose"  // one of Choices
	Several Kind = "several" // an array of values of Choices, without repeats
	Object  Kind = "object"  // Fields, in display order
	Group   Kind = "group"   // an array: Item for each element
)

// Field is one question, or a set of them: an object or a repeating group.
//
// Definition.Fields gives the static tree, where every branch of every condition is present and
// the pointer of what a group repeats has "*" for the index: "/presentations/*/titre".
// Definition.Resolve gives the tree that applies to some answers, where a group has Items and
// pointers have indexes: "/presentations/0/titre".
type Field struct {
	Pointer string // JSON Pointer into the answers; "" is the whole
	Name    string // last token of Pointer, unescaped
	ID      string // ui:options.id where given, else the pointer with "*" for indexes: the column's identity across versions
	Kind    Kind
	Format  string // JSON Schema's format: "email", "date", "uri"...

	Label        string // in the definition's language; never empty
	Description  string // help between label and control
	Help         string // ui:help
	Placeholder  string
	Widget       string // ui:widget; "" is the plain control of the kind
	Width        string // ui:options.width: "", "short", "medium" or "half"
	Autocomplete string // token of the HTML specification, derived from format, name and ui:autocomplete

	Required bool
	Nullable bool
	ReadOnly bool
	MustBe   bool // Boolean: only true is accepted, as for a consent that is needed
	Default  any

	Choices []Choice // Choose and Several

	Minimum, Maximum     *float64 // Integer and Number; inclusive
	MinLength, MaxLength *int     // Text, in Unicode code points
	MinItems, MaxItems   *int     // Group and Several
	Pattern              string

	Fields      []*Field // Object: its properties in display order
	Sections    []Section
	Item        *Field   // Group: a blank item; the last token of its pointer is "*"
	Items       []*Field // Group, from Resolve only: one for each element of the answers
	AddLabel    string   // Group: ui:options.addLabel, "Ajouter une présentation"
	RemoveLabel string   // Group: ui:options.removeLabel, "Retirer la présentation"
	language    string
	SubmitLabel string // root only: ui:submitButtonOptions.submitText
}

// Choice is one option of a field.
type Choice struct {
	Value any    // what is stored: a string, int64, float64, bool or nil
	Key   string // the value as text: what a web form posts and what places are counted under
	Label string
	Help  string // a second, smaller line
}

// Section is a titled run of an object's fields: ui:options.sections.
type Section struct {
	Title       string
	Description string
	Fields      []*Field
}

// Walk calls f for the field and everything under it, parents first, until f returns false.
// Of a group it visits Items where it has some, else Item.
func (field *Field) Walk(f func(*Field) bool) bool {
	if field == nil {
		return true
	}
	if !f(field) {
		return false
	}
	children := field.Fields
	if field.Kind == Group {
		children = field.Items
		if len(children) == 0 && field.Item != nil {
			children = []*Field{field.Item}
		}
	}
	for _, child := range children {
		if !child.Walk(f) {
			return false
		}
	}
	return true
}

// Answer writes a value of the field as people read it: a choice by its label, yes and no in the language of the field's definition.
func (field *Field) Answer(value any) string {
	for _, choice := range field.Choices {
		if choice.Value == value {
			return choice.Label
		}
	}
	if yes, isBool := value.(bool); isBool {
		answer := Wording{FR: "Non", EN: "No"}
		if yes {
			answer = Wording{FR: "Oui", EN: "Yes"}
		}
		return answer.In(field.language)
	}
	if text, isText := value.(string); isText {
		return text
	}
	return string(appendValue(nil, value))
}
