package schemas_test

import (
	"testing"

	"guichet/schemas"
)

func TestResolveFollowsConditions(t *testing.T) {
	for _, test := range []struct{ name, schema, answers, want string }{
		{"if holds", `{"properties":{"a":{"type":"string"}},"if":{"properties":{"a":{"const":"x"}},"required":["a"]},"then":{"properties":{"b":{"type":"string"}}},"else":{"properties":{"c":{"type":"string"}}}}`, `{"a":"x"}`, "/a /b"},
		{"if does not hold", `{"properties":{"a":{"type":"string"}},"if":{"properties":{"a":{"const":"x"}},"required":["a"]},"then":{"properties":{"b":{"type":"string"}}},"else":{"properties":{"c":{"type":"string"}}}}`, `{"a":"y"}`, "/a /c"},
		{"an absent property satisfies properties, as the specification says", `{"properties":{"a":{"type":"string"}},"if":{"properties":{"a":{"const":"x"}}},"then":{"properties":{"b":{"type":"string"}}}}`, `{}`, "/a /b"},
		{"conditions in allOf", `{"properties":{"a":{"type":"integer"}},"allOf":[{"if":{"properties":{"a":{"minimum":1}},"required":["a"]},"then":{"properties":{"b":{}}}},{"if":{"properties":{"a":{"minimum":2}},"required":["a"]},"then":{"properties":{"c":{}}}}]}`, `{"a":1}`, "/a /b"},
		{"dependency that is a schema", `{"properties":{"a":{}},"dependencies":{"a":{"properties":{"b":{}}}}}`, `{"a":"x"}`, "/a /b"},
		{"dependency of an absent property", `{"properties":{"a":{}},"dependencies":{"a":{"properties":{"b":{}}}}}`, `{}`, "/a"},
		{"dependency with a discriminator", `{"properties":{"a":{"enum":["x","y"]}},"dependencies":{"a":{"oneOf":[{"properties":{"a":{"enum":["x"]},"b":{}}},{"properties":{"a":{"enum":["y"]},"c":{}}}]}}}`, `{"a":"y"}`, "/a /c"},
		{"dependentSchemas of 2019-09", `{"$schema":"https://json-schema.org/draft/2019-09/schema","properties":{"a":{}},"dependentSchemas":{"a":{"properties":{"b":{}}}}}`, `{"a":1}`, "/a /b"},
		{"references and definitions", `{"definitions":{"who":{"type":"object","properties":{"name":{},"mail":{}}}},"properties":{"speaker":{"$ref":"#/definitions/who"}}}`, `{}`, "/speaker /speaker/name /speaker/mail"},
		{"order of the file, not of the alphabet", `{"properties":{"z":{},"b":{},"a":{}}}`, `{}`, "/z /b /a"},
		{"conditions of a nested object that is not there yet", `{"properties":{"o":{"type":"object","properties":{"a":{}},"if":{"required":["a"]},"then":{"properties":{"b":{}}}}}}`, `{}`, "/o /o/a"},
		{"conditions of each item by itself", `{"properties":{"g":{"type":"array","items":{"type":"object","properties":{"a":{}},"if":{"required":["a"]},"then":{"properties":{"b":{}}}}}}}`, `{"g":[{"a":1},{}]}`, "/g /g/0 /g/0/a /g/0/b /g/1 /g/1/a"},
		{"a branch that forbids a property does not ask for it", `{"properties":{"a":{"type":"boolean"},"b":{}},"if":{"properties":{"a":{"const":true}},"required":["a"]},"else":{"properties":{"b":false}}}`, `{}`, "/a"},
	} {
		t.Run(test.name, func(t *testing.T) {
			definition := mustParse(t, test.schema)
			if got := pointers(definition.Resolve(decode(t, test.answers))); got != test.want {
				t.Errorf("Resolve(%s) asks %q, want %q", test.answers, got, test.want)
			}
		})
	}
}

func TestFieldsHoldEveryBranch(t *testing.T) {
	want := "/email /presenter /age /ateliers /presentations /presentations/* /presentations/*/titre /presentations/*/minutes" +
		" /presentations/*/invites /presentations/*/invites/* /presentations/*/invites/*/nom /presentations/*/invites/*/vient /presentations/*/pourquoi /raison"
	if got := pointers(mustParse(t, talks).Fields()); got != want {
		t.Errorf("Fields() = %q, want %q", got, want)
	}
}

func TestKindsAndChoices(t *testing.T) {
	root := mustParse(t, talks).Fields()
	for pointer, want := range map[string]schemas.Kind{
		"/email": schemas.Text, "/presenter": schemas.Boolean, "/age": schemas.Integer, "/ateliers": schemas.Several,
		"/presentations": schemas.Group, "/presentations/*": schemas.Object, "/presentations/*/minutes": schemas.Choose,
	} {
		if got := root.Find(pointer); got == nil || got.Kind != want {
			t.Errorf("field %s = %+v, want kind %s", pointer, got, want)
		}
	}
	if choice := root.Find("/ateliers").Choice("ops"); choice == nil || choice.Label != "Coin ops" {
		t.Errorf("choice ops = %+v, want the label Coin ops", choice)
	}
	if choice := root.Find("/presentations/*/minutes").Choice("7"); choice == nil || choice.Value != int64(7) {
		t.Errorf("choice 7 = %+v, want the value int64(7)", choice)
	}
}

func TestEnumLabels(t *testing.T) {
	for _, schema := range []string{
		`{"properties":{"a":{"oneOf":[{"const":"x","title":"Ex"}]}}}`,
		`{"properties":{"a":{"anyOf":[{"enum":["x"],"title":"Ex"}]}}}`,
		`{"properties":{"a":{"enum":["x"],"enumNames":["Ex"]}}}`,
		`{"schema":{"properties":{"a":{"enum":["x"]}}},"uiSchema":{"a":{"ui:enumNames":["Ex"]}}}`,
		`{"schema":{"properties":{"a":{"enum":["x"]}}},"uiSchema":{"a":{"ui:options":{"enumNames":["Ex"]}}}}`,
	} {
		field := mustParse(t, schema).Fields().Find("/a")
		if len(field.Choices) != 1 || field.Choices[0].Label != "Ex" || field.Choices[0].Key != "x" {
			t.Errorf("choices of %s = %+v, want x labelled Ex", schema, field.Choices)
		}
	}
}

func TestUIOrderAndSections(t *testing.T) {
	definition := mustParse(t, `{"schema":{"properties":{"a":{},"b":{},"c":{},"d":{}}},
		"uiSchema":{"ui:order":["c","gone","*","a"],"ui:options":{"sections":[{"title":"Première","fields":["b","absent"]}]}}}`)
	root := definition.Fields()
	if got, want := pointers(root), "/c /b /d /a"; got != want {
		t.Errorf("order = %q, want %q", got, want)
	}
	if len(root.Sections) != 2 || root.Sections[0].Title != "Première" || len(root.Sections[0].Fields) != 1 || len(root.Sections[1].Fields) != 3 {
		t.Errorf("sections = %+v, want Première with one field, then the three left", root.Sections)
	}
}

func TestRecursiveReferencesEnd(t *testing.T) {
	definition := mustParse(t, `{"definitions":{"n":{"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/definitions/n"}}}}},"$ref":"#/definitions/n"}`)
	answers := decode(t, `{"name":"a","children":[{"name":"b","children":[{"name":"c"}]}]}`)
	accepted, violations := definition.Accept(answers)
	if violations != nil || len(accepted.Ignored) != 0 {
		t.Fatalf("Accept = %v, ignored %v; want everything accepted", violations, accepted.Ignored)
	}
	if got, want := string(accepted.JSON), `{"name":"a","children":[{"name":"b","children":[{"name":"c"}]}]}`; got != want {
		t.Errorf("JSON = %s, want %s", got, want)
	}
}

// TestRecursiveGroupsLeaveRoomForWhatFollows has a question after a group that contains itself twice.
func TestRecursiveGroupsLeaveRoomForWhatFollows(t *testing.T) {
	definition := mustParse(t, `{"definitions":{"n":{"type":"object","properties":{"name":{"type":"string"},"left":{"type":"array","items":{"$ref":"#/definitions/n"}},"right":{"type":"array","items":{"$ref":"#/definitions/n"}}}}},
		"properties":{"tree":{"$ref":"#/definitions/n"},"after":{"type":"string"}}}`)
	root := definition.Resolve(decode(t, `{"tree":{"left":[{"name":"a","right":[{"name":"b"}]}]}}`))
	for _, pointer := range []string{"/tree/left/0/right/0/name", "/after"} {
		found := false
		root.Walk(func(field *schemas.Field) bool {
			found = found || field.Pointer == pointer
			return !found
		})
		if !found {
			t.Errorf("%s is not asked", pointer)
		}
	}
}
