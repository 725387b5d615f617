// Package schemas knows what a form asks: definitions, their fields, and the answers they accept.
// It knows no database, no HTTP and no clock.
package schemas

// Answers is what one person answered: values are string, int64, float64, bool, nil,
// []any and map[string]any.
type Answers = map[string]any

// Definition is a checked definition in one of its languages. It is immutable and safe for
// concurrent use.
type Definition struct {
	Settings
	Title       string   // the event's name, else the schema's title, else the slug
	Description string   // the event's summary, else the schema's description
	Bytes       []byte   // the definition as it was given
	Languages   []string // its own first, then those it is translated into, sorted
}

// Parse reads and checks a definition: {schema, uiSchema, ...}, or a bare JSON Schema. file names it
// in problems. The definition is nil when a problem is not a warning.
func Parse(file string, data []byte) (*Definition, []Problem) { panic("soon") }

// In gives the definition in a language, or itself where it is not translated into it.
func (d *Definition) In(language string) *Definition { panic("soon") }

// Fields gives the static tree of fields: every branch of every condition. The caller must not change it.
func (d *Definition) Fields() *Field { panic("soon") }

// Resolve gives the fields that apply to the answers.
func (d *Definition) Resolve(answers Answers) *Field { panic("soon") }

// DecodeForm types what a web form posted: names are JSON Pointers, other names are ignored. What
// cannot be typed stays a string, so that Accept says what is wrong with it and a page shows it again.
// shown holds the pointers of the fields that the page showed: an unchecked box among them is false.
// Blank items of groups are removed.
func (d *Definition) DecodeForm(values map[string][]string, shown []string) Answers { panic("soon") }

// Selects says whether the answers satisfy the list's where; a list without one selects all.
func (d *Definition) Selects(list List, answers Answers) bool { panic("soon") }

// Accepted is an answer that a definition accepts.
type Accepted struct {
	Answers Answers
	JSON    []byte   // canonical: properties in the definition's order
	Ignored []string // pointers that no branch describes and that were dropped
}

// Accept prunes, checks and drops: the one path that answers take. It may change answers.
// Violations are in display order.
func (d *Definition) Accept(answers Answers) (Accepted, []Violation) { panic("soon") }

// DecodeJSON reads one JSON object as answers. It refuses, with a message, what cannot be kept:
// depth over 32, numbers beyond 2^53, NUL in a string, repeated property names.
func DecodeJSON(data []byte, language string) (Answers, []Violation) { panic("soon") }

// Get gives the value at a JSON Pointer.
func Get(answers any, pointer string) (any, bool) { panic("soon") }
