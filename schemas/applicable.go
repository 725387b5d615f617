package schemas

import (
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// applicable finds the schemas that speak about one value, through references, allOf, conditions and dependencies.
type applicable struct {
	nodes map[*jsonschema.Schema]*node // each schema as written: its titles and the order of its properties
}

// index remembers the node of every schema under sch.
func (a *applicable) index(root *node, sch *jsonschema.Schema) {
	if sch == nil {
		return
	}
	if _, known := a.nodes[sch]; known {
		return
	}
	a.nodes[sch] = root.at(fragment(sch.Location))
	for _, sub := range subschemas(sch) {
		a.index(root, sub)
	}
}

// mode says which branches of conditions are followed.
type mode bool

const (
	everyBranch  mode = false // all of them: what could be asked
	activeBranch mode = true  // those that hold for a value: what is asked
)

// flatten gives the schemas that apply in place to a value: themselves, then what they refer to and combine, in the
// order they are written. With everyBranch the value is not looked at.
func (a *applicable) flatten(schemas []*jsonschema.Schema, value any, m mode) []*jsonschema.Schema {
	flat := make([]*jsonschema.Schema, 0, len(schemas)+4)
	for _, sch := range schemas {
		flat = a.add(flat, sch, value, m)
	}
	return flat
}

func (a *applicable) add(flat []*jsonschema.Schema, sch *jsonschema.Schema, value any, m mode) []*jsonschema.Schema {
	if sch == nil {
		return flat
	}
	for _, present := range flat {
		if present == sch {
			return flat
		}
	}
	flat = append(flat, sch)
	flat = a.add(flat, sch.Ref, value, m)
	flat = a.add(flat, sch.RecursiveRef, value, m)
	if sch.DynamicRef != nil {
		flat = a.add(flat, sch.DynamicRef.Ref, value, m)
	}
	for _, sub := range sch.AllOf {
		flat = a.add(flat, sub, value, m)
	}
	if sch.If != nil {
		switch {
		case m == everyBranch:
			flat = a.add(a.add(flat, sch.Then, value, m), sch.Else, value, m)
		case sch.If.Validate(value) == nil:
			flat = a.add(flat, sch.Then, value, m)
		default:
			flat = a.add(flat, sch.Else, value, m)
		}
	}
	flat = a.addDependent(flat, sch, value, m)
	flat = a.addAlternatives(flat, sch.AnyOf, value, m)
	return a.addAlternatives(flat, sch.OneOf, value, m)
}

// addDependent adds the schemas that the presence of a property brings.
func (a *applicable) addDependent(flat []*jsonschema.Schema, sch *jsonschema.Schema, value any, m mode) []*jsonschema.Schema {
	object, _ := value.(map[string]any)
	follow := func(name string, sub *jsonschema.Schema) {
		if _, present := object[name]; present || m == everyBranch {
			flat = a.add(flat, sub, value, m)
		}
	}
	if len(sch.DependentSchemas) > 0 {
		for _, name := range a.order(sch, "dependentSchemas") {
			follow(name, sch.DependentSchemas[name])
		}
	}
	if len(sch.Dependencies) > 0 {
		for _, name := range a.order(sch, "dependencies") {
			if sub, ok := sch.Dependencies[name].(*jsonschema.Schema); ok {
				follow(name, sub)
			}
		}
	}
	return flat
}

// addAlternatives adds the alternatives of an object whose discriminator agrees with the value: each is told from the
// others by properties that it fixes to a const or an enum.
func (a *applicable) addAlternatives(flat []*jsonschema.Schema, alternatives []*jsonschema.Schema, value any, m mode) []*jsonschema.Schema {
	object, _ := value.(map[string]any)
	for _, alternative := range alternatives {
		if alternative = a.object(alternative); alternative == nil {
			continue
		}
		names := a.discriminators(alternative)
		agrees := len(names) > 0
		for _, name := range names {
			given, present := object[name]
			agrees = agrees && present && alternative.Properties[name].Validate(given) == nil
		}
		if agrees || m == everyBranch {
			flat = a.add(flat, alternative, value, m)
		}
	}
	return flat
}

// object gives the schema of an alternative that is an object, nil for one that is a value: a choice.
func (a *applicable) object(alternative *jsonschema.Schema) *jsonschema.Schema {
	for alternative.Ref != nil && alternative.Properties == nil {
		alternative = alternative.Ref
	}
	if alternative.Properties == nil {
		return nil
	}
	return alternative
}

// discriminators gives the properties that an alternative fixes.
func (a *applicable) discriminators(alternative *jsonschema.Schema) []string {
	var names []string
	for _, name := range a.order(alternative, "properties") {
		property := alternative.Properties[name]
		if property != nil && (property.Const != nil || property.Enum != nil) {
			names = append(names, name)
		}
	}
	return names
}

// order gives the names under a keyword of a schema in the order they are written.
func (a *applicable) order(sch *jsonschema.Schema, keyword string) []string {
	if object := a.nodes[sch].get(keyword); object != nil {
		return object.names
	}
	return nil
}

// properties gives what a list of flattened schemas says about one property of an object. A branch that forbids it, with
// the schema false, makes it one that is not asked while the branch is active.
func properties(flat []*jsonschema.Schema, name string, m mode) []*jsonschema.Schema {
	var found []*jsonschema.Schema
	for _, sch := range flat {
		named := false
		if sub, ok := sch.Properties[name]; ok {
			if sub.Bool != nil && !*sub.Bool {
				if m == activeBranch {
					return nil
				}
				continue
			}
			found, named = append(found, sub), true
		}
		for expr, sub := range sch.PatternProperties {
			if expr.MatchString(name) {
				found, named = append(found, sub), true
			}
		}
		if sub, ok := sch.AdditionalProperties.(*jsonschema.Schema); ok && !named {
			found = append(found, sub)
		}
	}
	return found
}

// items gives what a list of flattened schemas says about the element at an index of an array.
func items(flat []*jsonschema.Schema, i int) []*jsonschema.Schema {
	var found []*jsonschema.Schema
	for _, sch := range flat {
		tuple, _ := sch.Items.([]*jsonschema.Schema)
		if sch.PrefixItems != nil {
			tuple = sch.PrefixItems
		}
		rest, _ := sch.Items.(*jsonschema.Schema)
		if rest == nil {
			rest = sch.Items2020
		}
		if rest == nil {
			rest, _ = sch.AdditionalItems.(*jsonschema.Schema)
		}
		switch {
		case i < len(tuple):
			found = append(found, tuple[i])
		case rest != nil:
			found = append(found, rest)
		}
	}
	return found
}

// subschemas gives every schema directly under sch.
func subschemas(sch *jsonschema.Schema) []*jsonschema.Schema {
	found := []*jsonschema.Schema{sch.Ref, sch.RecursiveRef, sch.If, sch.Then, sch.Else, sch.Not, sch.PropertyNames, sch.Contains, sch.Items2020,
		sch.UnevaluatedItems, sch.UnevaluatedProperties}
	if sch.DynamicRef != nil {
		found = append(found, sch.DynamicRef.Ref)
	}
	found = append(append(append(found, sch.AllOf...), sch.AnyOf...), sch.OneOf...)
	found = append(found, sch.PrefixItems...)
	for _, sub := range sch.Properties {
		found = append(found, sub)
	}
	for _, sub := range sch.PatternProperties {
		found = append(found, sub)
	}
	for _, sub := range sch.DependentSchemas {
		found = append(found, sub)
	}
	for _, sub := range sch.Dependencies {
		if schema, ok := sub.(*jsonschema.Schema); ok {
			found = append(found, schema)
		}
	}
	for _, value := range []any{sch.AdditionalProperties, sch.AdditionalItems, sch.Items} {
		switch sub := value.(type) {
		case *jsonschema.Schema:
			found = append(found, sub)
		case []*jsonschema.Schema:
			found = append(found, sub...)
		}
	}
	return found
}
