package schemas

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// check judges answers by the schema as it is written and words what it refuses, in display order, once for each field.
func (d *Definition) check(answers Answers) []Violation {
	err := d.root.Validate(answers)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return []Violation{{Code: "invalid", Message: say("invalid", d.Language)}}
	}
	fields, position := d.asked(answers)
	var violations []Violation
	for _, leaf := range leaves(invalid, nil) {
		violations = append(violations, d.violations(leaf, fields)...)
	}
	order := func(v Violation) int {
		if at, ok := position[v.Pointer]; ok {
			return at
		}
		return len(position)
	}
	slices.SortStableFunc(violations, func(a, b Violation) int { return cmp.Compare(order(a), order(b)) })
	seen := map[string]bool{}
	return slices.DeleteFunc(violations, func(v Violation) bool {
		again := seen[v.Pointer]
		seen[v.Pointer] = true
		return again
	})
}

// asked gives the fields that apply by their pointers, and the place of each on the page.
func (d *Definition) asked(answers Answers) (fields map[string]*Field, position map[string]int) {
	fields, position = map[string]*Field{}, map[string]int{}
	var visit func(*Field)
	visit = func(field *Field) {
		fields[field.Pointer] = field
		position[field.Pointer] = len(position)
		children := field.Fields
		if field.Sections != nil {
			children = nil
			for _, section := range field.Sections {
				children = append(children, section.Fields...)
			}
		}
		for _, child := range append(slices.Clone(children), field.Items...) {
			visit(child)
		}
	}
	if root := d.Resolve(answers); root != nil {
		visit(root)
	}
	return fields, position
}

// leaves gives the errors that say something about a value, out of the tree that a failed check is.
func leaves(err *jsonschema.ValidationError, found []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(err.Causes) == 0 {
		return append(found, err)
	}
	switch err.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		return append(found, alternative(err)...)
	}
	for _, cause := range err.Causes {
		found = leaves(cause, found)
	}
	return found
}

// alternative gives the errors of the alternative that was meant: the one that the fewest say something against, those about a
// const or an enum weighing more, since they tell alternatives apart. Where the alternatives are values, it is one error: not a choice.
func alternative(err *jsonschema.ValidationError) []*jsonschema.ValidationError {
	var best []*jsonschema.ValidationError
	least, values := -1, true
	for _, cause := range err.Causes {
		errs := leaves(cause, nil)
		weight := 0
		for _, leaf := range errs {
			weight++
			switch leaf.ErrorKind.(type) {
			case *kind.Const, *kind.Enum:
				weight += 100
			case *kind.Type:
			default:
				values = false
			}
			values = values && len(leaf.InstanceLocation) == len(err.InstanceLocation)
		}
		if least < 0 || weight < least {
			best, least = errs, weight
		}
	}
	if values {
		return []*jsonschema.ValidationError{{SchemaURL: err.SchemaURL, InstanceLocation: err.InstanceLocation, ErrorKind: &kind.Enum{}}}
	}
	return best
}

// violations words one error: one violation, or one for each property that is missing or too many.
func (d *Definition) violations(leaf *jsonschema.ValidationError, fields map[string]*Field) []Violation {
	pointer := pointerOf(leaf.InstanceLocation)
	each := func(names []string, code string) []Violation {
		var violations []Violation
		for _, name := range names {
			violations = append(violations, d.violation(Join(pointer, name), code, leaf.ErrorKind, fields))
		}
		return violations
	}
	switch k := leaf.ErrorKind.(type) {
	case *kind.Required:
		return each(k.Missing, "required")
	case *kind.Dependency:
		return each(k.Missing, "required")
	case *kind.DependentRequired:
		return each(k.Missing, "required")
	case *kind.AdditionalProperties:
		return each(k.Properties, "unknown")
	case *kind.UniqueItems:
		pointer += "/" + strconv.Itoa(max(k.Duplicates[0], k.Duplicates[1]))
		if field := fields[pointerOf(leaf.InstanceLocation)]; field != nil && field.Kind == Several {
			pointer = field.Pointer
		}
		return []Violation{d.violation(pointer, "unique", k, fields)}
	}
	return []Violation{d.violation(pointer, codeOf(leaf.ErrorKind), leaf.ErrorKind, fields)}
}

func (d *Definition) violation(pointer, code string, k jsonschema.ErrorKind, fields map[string]*Field) Violation {
	field := fields[pointer]
	if field == nil {
		// An item of a set of choices: the question is the set's.
		if parent := fields[above(pointer)]; parent != nil && parent.Kind == Several {
			field, pointer = parent, parent.Pointer
		}
	}
	if field == nil {
		field = d.fields.Find(pointer)
	}
	violation := Violation{Pointer: pointer, Code: code, Message: explain(code, k, field, d.Language)}
	if field != nil {
		violation.Label = field.Label
	}
	return violation
}

// above gives the pointer without its last token.
func above(pointer string) string {
	tokens, _ := Tokens(pointer)
	return pointerOf(tokens[:max(len(tokens)-1, 0)])
}

// codeOf gives the stable code of a kind of error: the name of the keyword.
func codeOf(k jsonschema.ErrorKind) string {
	switch k.(type) {
	case *kind.FalseSchema:
		return "unknown"
	case *kind.Const:
		return "const"
	}
	if path := k.KeywordPath(); len(path) > 0 && path[0] != "" {
		return path[0]
	}
	return "invalid"
}
