package schemas

import (
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	maxFields    = 2000 // of one definition, all branches together
	maxRecursion = 5    // times that a reference may contain itself
)

// builder makes a tree of fields out of the schemas that apply.
type builder struct {
	*applicable
	mode  mode
	count int

	language string // of the definition
}

// place is where a field is: its pointer, and the same with "*" for the indexes of items.
type place struct{ pointer, pattern string }

func (p place) property(name string) place {
	return place{Join(p.pointer, name), Join(p.pattern, name)}
}

func (p place) item(token string) place {
	return place{p.pointer + "/" + token, p.pattern + "/*"}
}

// build makes the field at a place. schemas is what is said about it, ui its part of the uiSchema, value its answer,
// path the schemas above it. It is nil where nothing can be asked.
func (b *builder) build(at place, name string, schemas []*jsonschema.Schema, ui *node, value any, path []*jsonschema.Schema) *Field {
	b.count++
	if b.count > maxFields {
		return nil
	}
	blank := value == nil
	if blank && b.mode == activeBranch && b.reader(b.flatten(schemas, nil, everyBranch), ui).kind() == Object {
		value = map[string]any{} // a condition must not hold because there is no object yet
	}
	flat := b.flatten(schemas, value, b.mode)
	deepest := maxRecursion
	if blank && b.mode == activeBranch {
		deepest = 1 // what nobody has begun is drawn once: the next level comes when this one is there
	}
	if recursion(flat, path) > deepest {
		return nil
	}
	// A full slice expression: siblings must not write into each other's path.
	path = append(path[:len(path):len(path)], flat...)
	words := b.reader(flat, ui)
	field := &Field{Pointer: at.pointer, Name: name, language: b.language, ID: at.pattern, Kind: words.kind(), Widget: words.option("widget").text(), Width: words.option("width").text()}
	if id := words.option("id").text(); id != "" {
		field.ID = id
	}
	words.describe(field)
	if field.Autocomplete == "" && !strings.Contains(at.pattern, "/*") {
		field.Autocomplete = autocomplete(field) // what a group repeats is not about the person who types
	}
	switch field.Kind {
	case Object:
		b.properties(field, at, flat, ui, value, path)
	case Group:
		b.group(field, at, flat, ui, value, path)
	case Choose:
		field.Choices = words.choices()
	case Several:
		field.Choices = b.reader(b.flatten(items(flat, 0), nil, everyBranch), ui.get("items")).choices()
		words.limits(field)
	default:
		words.limits(field)
	}
	return field
}

// recursion counts how often the first of the schemas is above itself.
func recursion(flat, path []*jsonschema.Schema) int {
	n := 0
	for _, above := range path {
		if len(flat) > 0 && above == flat[0] {
			n++
		}
	}
	return n
}

// properties fills an object's fields in display order: as written, then as ui:order says.
func (b *builder) properties(field *Field, at place, flat []*jsonschema.Schema, ui *node, value any, path []*jsonschema.Schema) {
	var names []string
	required := map[string]bool{}
	object, _ := value.(map[string]any)
	for _, sch := range flat {
		for _, name := range b.order(sch, "properties") {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		for _, name := range sch.Required {
			required[name] = true
		}
		for trigger, dependent := range requiredBy(sch) {
			if _, present := object[trigger]; present {
				for _, name := range dependent {
					required[name] = true
				}
			}
		}
	}
	names = arrange(names, b.reader(flat, ui).option("order"))
	for _, name := range names {
		described := properties(flat, name, b.mode)
		if len(described) == 0 {
			continue
		}
		if child := b.build(at.property(name), name, described, ui.get(name), object[name], path); child != nil {
			child.Required = required[name]
			field.Fields = append(field.Fields, child)
		}
	}
	field.Sections = b.sections(field.Fields, b.reader(flat, ui).option("sections"))
}

// requiredBy gives the properties that others require by their presence.
func requiredBy(sch *jsonschema.Schema) map[string][]string {
	if len(sch.Dependencies) == 0 {
		return sch.DependentRequired
	}
	found := map[string][]string{}
	for name, dependency := range sch.Dependencies {
		if names, ok := dependency.([]string); ok {
			found[name] = names
		}
	}
	for name, names := range sch.DependentRequired {
		found[name] = append(found[name], names...)
	}
	return found
}

// arrange puts names in the order of ui:order, where "*" stands for those it does not name. Names that are not there now,
// such as conditional ones, are passed over.
func arrange(names []string, order *node) []string {
	if order == nil || !order.array {
		return names
	}
	var before, after []string
	starred := false
	for _, item := range order.items {
		name := item.text()
		switch {
		case name == "*":
			starred = true
		case !slices.Contains(names, name):
		case starred:
			after = append(after, name)
		default:
			before = append(before, name)
		}
	}
	rest := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.Contains(before, name) || slices.Contains(after, name)
	})
	return slices.Concat(before, rest, after)
}

// sections cuts an object's fields into titled runs. Fields that no section names follow in a run without title.
func (b *builder) sections(fields []*Field, option *node) []Section {
	if option == nil || !option.array {
		return nil
	}
	left := slices.Clone(fields)
	var sections []Section
	for _, item := range option.items {
		section := Section{Title: item.get("title").text(), Description: item.get("description").text()}
		for _, named := range item.get("fields").list() {
			i := slices.IndexFunc(left, func(f *Field) bool { return f.Name == named.text() })
			if i >= 0 {
				section.Fields = append(section.Fields, left[i])
				left = slices.Delete(left, i, i+1)
			}
		}
		if len(section.Fields) > 0 {
			sections = append(sections, section)
		}
	}
	if len(left) > 0 {
		sections = append(sections, Section{Fields: left})
	}
	return sections
}

// group fills a repeating group: a blank item, and one item for each element of the answers.
func (b *builder) group(field *Field, at place, flat []*jsonschema.Schema, ui *node, value any, path []*jsonschema.Schema) {
	words := b.reader(flat, ui)
	words.limits(field)
	field.AddLabel = words.option("addLabel").text()
	field.RemoveLabel = words.option("removeLabel").text()
	field.Item = b.build(at.item("*"), "*", items(flat, 0), ui.get("items"), nil, path)
	if field.Item != nil {
		field.Item.Required = true
	}
	array, _ := value.([]any)
	if b.mode == everyBranch {
		return
	}
	for i, element := range array {
		token := strconv.Itoa(i)
		item := b.build(at.item(token), token, items(flat, i), ui.get("items"), element, path)
		if item == nil {
			return
		}
		item.Required = true
		field.Items = append(field.Items, item)
	}
}
