package server

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"guichet/forms"
	"guichet/schemas"
)

// question is one field as the templates draw it.
type question struct {
	ID, Name    string // of the control; Name is the field's pointer
	Control     string // "text", "textarea", "select", "choices", "pills", "checkbox", "object", "group" or "hidden"
	Type        string // of the input element
	Label, Mark string // Mark says that it is optional, or required, whichever is rare
	Description, Help, Error, DescribedBy,
	Placeholder, Autocomplete, InputMode, Width, Value, Blank string
	Required, ReadOnly, Checked, HideLabel bool

	Options   []option
	Questions []question // of an object
	Pair      []question // two that stand side by side; the rest is empty then

	Items                   []item // of a group
	Add, Limit              string
	AddAction, RemoveAction string // where the buttons send the form: the fragment puts the focus where a visitor goes on
}

// option is one choice.
type option struct {
	ID, Key, Label, Help, Left string
	Checked, Disabled, Few     bool
}

// item is one item of a group.
type item struct {
	ID, Pointer, Title, Remove, RemoveWhat string
	Questions                              []question
}

// few is how many places left are worth a warning.
const few = 5

// drawing turns fields into questions, with what someone answered and what is wrong with it.
type drawing struct {
	definition *schemas.Definition
	answers    schemas.Answers
	errors     map[string]string // by pointer
	left       map[string]int    // places left by name
	times      map[string]string // by name of choice: when it takes place
	rare       bool              // required questions are rare: they are marked, not the optional ones
	blank      bool              // nothing was answered yet: defaults show
	action     string            // where the form is sent, without a fragment

	shown  []string          // pointers of the questions drawn
	target map[string]string // by pointer: the id that a link to it leads to
}

// say gives a text in the form's language.
func (d *drawing) say(key string) string { return say(key, d.definition.Language) }

// elementID makes an id of a pointer: unlike others, and good in an address.
func elementID(pointer string) string {
	var out strings.Builder
	out.WriteString("q")
	for i := range len(pointer) {
		switch c := pointer[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			out.WriteByte(c)
		case c == '/':
			out.WriteByte('-')
		default:
			fmt.Fprintf(&out, "_%02x", c)
		}
	}
	return out.String()
}

func (d *drawing) questions(fields []*schemas.Field) []question {
	var drawn []question
	for i := 0; i < len(fields); i++ {
		if i+1 < len(fields) && fields[i].Width == "half" && fields[i+1].Width == "half" {
			drawn = append(drawn, question{Pair: []question{d.question(fields[i]), d.question(fields[i+1])}})
			i++
			continue
		}
		drawn = append(drawn, d.question(fields[i]))
	}
	return drawn
}

func (d *drawing) question(field *schemas.Field) question {
	q := question{
		ID: elementID(field.Pointer), Name: field.Pointer, Label: field.Label, Description: field.Description, Help: field.Help, Error: d.errors[field.Pointer],
		Placeholder: field.Placeholder, Autocomplete: field.Autocomplete, Required: field.Required, ReadOnly: field.ReadOnly,
	}
	d.target[field.Pointer] = q.ID
	q.DescribedBy = describedBy(q)
	value, answered := schemas.Get(d.answers, field.Pointer)
	if !answered && d.blank {
		value = field.Default
	}
	if field.Kind == schemas.Object {
		q.Control, q.Questions = "object", d.questions(field.Fields)
		return q
	}
	d.shown = append(d.shown, field.Pointer)
	q.Mark = d.mark(field)
	switch {
	case field.Kind == schemas.Group:
		d.group(&q, field)
	case field.Widget == "hidden":
		q.Control, q.Value = "hidden", typed(value)
	case field.Kind == schemas.Boolean && field.Checkbox():
		q.Control, q.Checked = "checkbox", value == true
		q.Required = field.MustBe
		if field.MustBe {
			q.Mark = ""
		}
	case field.Kind == schemas.Boolean:
		q.Control, q.Type = "pills", "radio"
		for i, yes := range []bool{true, false} {
			q.Options = append(q.Options, option{ID: q.ID + "-" + strconv.Itoa(i), Key: strconv.FormatBool(yes), Label: d.say(map[bool]string{true: "yes", false: "no"}[yes]), Checked: value == yes})
		}
		d.target[field.Pointer] = q.Options[0].ID
	case len(field.Choices) > 0:
		d.choices(&q, field, value)
	default:
		d.text(&q, field, value)
	}
	return q
}

// describedBy names the texts that belong to a control, the error first.
func describedBy(q question) string {
	var ids []string
	for _, text := range []struct{ text, suffix string }{{q.Error, "-error"}, {q.Description, "-description"}, {q.Help, "-help"}} {
		if text.text != "" {
			ids = append(ids, q.ID+text.suffix)
		}
	}
	return strings.Join(ids, " ")
}

// mark gives what stands beside a label, by the rule that the form follows.
func (d *drawing) mark(field *schemas.Field) string {
	switch {
	case d.rare && field.Required:
		return d.say("mandatory")
	case !d.rare && !field.Required:
		return d.say("optional")
	case !d.rare && field.Kind == schemas.Boolean && field.Checkbox() && !field.MustBe:
		return d.say("optional")
	}
	return ""
}

// mostlyOptional says whether required questions are the rare ones. Boxes and sets of choices are optional by nature and do not count.
func mostlyOptional(root *schemas.Field) bool {
	required, optional := 0, 0
	for _, field := range root.Fields {
		switch {
		case field.Kind == schemas.Boolean && field.Checkbox(), field.Kind == schemas.Several, field.Kind == schemas.Group, field.Kind == schemas.Object:
		case field.Required:
			required++
		default:
			optional++
		}
	}
	return optional > required
}

// inputs are the input types of formats.
var inputs = map[string]string{"email": "email", "idn-email": "email", "uri": "url", "url": "url", "date": "date", "tel": "tel", "password": "password", "color": "color"}

func (d *drawing) text(q *question, field *schemas.Field, value any) {
	q.Control, q.Type, q.Value = "text", "text", typed(value)
	switch {
	case field.Widget == "textarea":
		q.Control = "textarea"
	case field.Kind == schemas.Integer:
		q.InputMode, q.Width = "numeric", "w-short"
	case field.Kind == schemas.Number:
		q.InputMode, q.Width = "decimal", "w-short"
		if d.definition.Language != "en" {
			q.Value = strings.Replace(q.Value, ".", ",", 1)
		}
	case inputs[field.Widget] != "":
		q.Type = inputs[field.Widget]
	case inputs[field.Format] != "":
		q.Type = inputs[field.Format]
	}
	if q.Type == "date" || q.Type == "color" {
		q.Width = "w-medium"
	}
	switch field.Width {
	case "short", "medium":
		q.Width = "w-" + field.Width
	}
	if q.Control == "textarea" && field.MaxLength != nil {
		limit := sayf(d.definition.Language, "%d caractères au plus.", "%d characters at most.", *field.MaxLength)
		q.Help = strings.TrimSpace(q.Help + " " + limit)
		q.DescribedBy = describedBy(*q)
	}
}

func (d *drawing) choices(q *question, field *schemas.Field, value any) {
	q.Type = "radio"
	chosen := func(v any) bool { return value == v }
	if field.Kind == schemas.Several {
		q.Type = "checkbox"
		set, _ := value.([]any)
		chosen = func(v any) bool {
			for _, one := range set {
				if one == v {
					return true
				}
			}
			return false
		}
	}
	longest := 0
	for i, choice := range field.Choices {
		o := option{ID: q.ID + "-" + strconv.Itoa(i), Key: choice.Key, Label: choice.Label, Help: choice.Help, Checked: chosen(choice.Value)}
		name := forms.PlaceName(field.Pointer, choice.Key)
		if o.Help == "" {
			o.Help = d.times[name]
		}
		if left, limited := d.left[name]; limited {
			o.Left = count(d.definition.Language, left, "place", "places", "place", "places")
			o.Few = left > 0 && left <= few
			if left == 0 {
				o.Left = d.say("full.choice")
				o.Disabled = !o.Checked // what was chosen stays, so that it can be unchosen
			}
		}
		longest = max(longest, len([]rune(choice.Label))+len(choice.Help)+len(o.Left)+len(o.Help))
		q.Options = append(q.Options, o)
	}
	switch {
	case q.Type == "radio" && (field.Widget == "select" || field.Widget == "" && len(field.Choices) > 7):
		q.Control, q.Blank = "select", d.say("blank")
		return
	case q.Type == "radio" && len(field.Choices) <= 4 && longest <= 18:
		q.Control = "pills"
	default:
		q.Control = "choices"
	}
	d.target[field.Pointer] = q.Options[0].ID
}

// typed gives a value as someone types it.
func typed(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	case json.Number:
		return value.String()
	case map[string]any, []any:
		return ""
	}
	return fmt.Sprint(value)
}
