package schemas_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet/schemas"
)

func TestParseSaysWhereAndWhy(t *testing.T) {
	for _, test := range []struct{ name, source, pointer, reason string }{
		{"not JSON", "{\n\"a\": }", "", "line 2"},
		{"more after the end", `{"type":"object"} x`, "", "not valid JSON"},
		{"the same property twice", `{"schema":{},"schema":{}}`, "", `"schema" is there twice`},
		{"asks nothing", `{"type":"object"}`, "", "asks nothing"},
		{"not an object", `{"type":"string"}`, "", "has to describe an object"},
		{"unknown setting", `{"schema":{"properties":{"a":{}}},"colour":"red"}`, "/colour", "no such setting"},
		{"setting of the wrong type", `{"schema":{"properties":{"a":{}}},"registration":{"places":"many"}}`, "/registration/places", "expected integer, found string"},
		{"keyword of the wrong type", `{"schema":{"properties":{"a":{"type":"text"}}}}`, "/schema/properties/a/type", ""},
		{"bad pattern", `{"schema":{"properties":{"a":{"pattern":"("}}}}`, "/schema/properties/a/pattern", "not a valid regular expression"},
		{"reference to the web", `{"schema":{"properties":{"a":{"$ref":"https://example.org/x.json"}}}}`, "/schema", "leaves the definition"},
		{"reference to a file", `{"schema":{"properties":{"a":{"$ref":"file:///etc/hostname"}}}}`, "/schema", "leaves the definition"},
		{"reference to nothing", `{"schema":{"properties":{"a":{"$ref":"#/definitions/gone"}}}}`, "/schema", "leads nowhere"},
		{"person that is no field", `{"schema":{"properties":{"a":{}}},"person":{"email":"/b"}}`, "/person/email", "/b is no question"},
		{"places of a choice that is not there", `{"schema":{"properties":{"a":{"enum":["x"]}}},"registration":{"choices":{"/a":{"y":3}}}}`, "/registration/choices/~1a/y", `"y" is not one of the choices`},
		{"list over no group", `{"schema":{"properties":{"a":{}}},"lists":[{"id":"l","name":"L","rows":"/a/*"}]}`, "/lists/0/rows", "not the items of a group"},
		{"column that is no question", `{"schema":{"properties":{"a":{}}},"lists":[{"id":"l","name":"L","columns":["/a","reference","/b"]}]}`, "/lists/0/columns/2", `"/b" is neither`},
		{"where that is no schema", `{"schema":{"properties":{"a":{}}},"lists":[{"id":"l","name":"L","where":{"type":7}}]}`, "/lists/0/where/type", ""},
		{"time zone that does not exist", `{"schema":{"properties":{"a":{}}},"event":{"name":"E","timezone":"Europe/Lutece"}}`, "/event/timezone", "no time zone"},
		{"translation of nothing", `{"schema":{"properties":{"a":{}}},"translations":{"en":{"/schema/title":"A"}}}`, "/translations/en/~1schema~1title", "no text at /schema/title"},
		{"tuple", `{"schema":{"properties":{"a":{"type":"array","items":[{},{}]}}}}`, "/schema/properties/a", "cannot be drawn"},
		{"alternatives that nothing tells apart", `{"schema":{"properties":{"a":{}},"oneOf":[{"properties":{"b":{"type":"string"}}},{"properties":{"c":{"type":"string"}}}]}}`, "/schema/oneOf/0", "nothing tells this alternative"},
		{"file", `{"schema":{"properties":{"a":{"type":"string","format":"data-url"}}}}`, "/schema/properties/a/format", "not accepted"},
		{"two fields with one id", `{"schema":{"properties":{"a":{},"b":{}}},"uiSchema":{"a":{"ui:options":{"id":"x"}},"b":{"ui:options":{"id":"x"}}}}`, "/schema", "the same id"},
		{"exponential references", exponential(), "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			definition, problems := schemas.Parse("form.json", []byte(test.source))
			if definition != nil {
				t.Fatal("Parse accepted it")
			}
			for _, problem := range problems {
				if problem.Pointer == test.pointer && strings.Contains(problem.Reason.EN, test.reason) && problem.Reason.FR != "" && problem.File == "form.json" {
					return
				}
			}
			t.Errorf("problems = %v, want one at %q saying %q", problems, test.pointer, test.reason)
		})
	}
}

// TestReferencesStayInside points at a schema on the disk: it must not be read.
func TestReferencesStayInside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outside.json")
	if err := os.WriteFile(path, []byte(`{"type":"string"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	definition, problems := schemas.Parse("form.json", []byte(`{"properties":{"a":{"$ref":"file://`+path+`"}}}`))
	if definition != nil || len(problems) != 1 || !strings.Contains(problems[0].Reason.EN, "leaves the definition") {
		t.Errorf("problems = %v, want the reference refused", problems)
	}
}

// exponential is small and asks 3^12 questions.
func exponential() string {
	var out strings.Builder
	out.WriteString(`{"definitions":{`)
	for level := range 12 {
		target := `{"type":"string"}`
		if level < 11 {
			target = `{"$ref":"#/definitions/d` + string(rune('a'+level+1)) + `"}`
		}
		if level > 0 {
			out.WriteByte(',')
		}
		out.WriteString(`"d` + string(rune('a'+level)) + `":{"type":"object","properties":{"x":` + target + `,"y":` + target + `,"z":` + target + `}}`)
	}
	out.WriteString(`},"$ref":"#/definitions/da"}`)
	return out.String()
}

func TestParseWarnsOfConditionsThatHoldByAbsence(t *testing.T) {
	_, problems := schemas.Parse("f.json", []byte(`{"properties":{"a":{}},"if":{"properties":{"a":{"const":1}}},"then":{"properties":{"b":{}}}}`))
	if len(problems) != 1 || !problems[0].Warning || problems[0].Pointer != "/if" || !strings.Contains(problems[0].Reason.EN, `add "required": ["a"]`) {
		t.Errorf("problems = %v, want a warning at /if that proposes required", problems)
	}
}

func TestTranslations(t *testing.T) {
	definition := mustParse(t, `{"schema":{"title":"Fête","properties":{"a":{"title":"Prénom","enum":["x"],"enumNames":["Ixe"]}},"required":["a"]},
		"event":{"name":"La fête","starts":"2019-12-11T09:00:00+01:00"},
		"translations":{"en":{"/schema/properties/a/title":"First name","/event/name":"The party","/schema/properties/a/enumNames/0":"Ex"}}}`)
	english := definition.In("en")
	if english.Title != "The party" || definition.Title != "La fête" || definition.In("de") != definition || english.In("fr") != definition {
		t.Errorf("titles = %q, %q", definition.Title, english.Title)
	}
	field := english.Fields().Find("/a")
	if field.Label != "First name" || field.Choices[0].Label != "Ex" {
		t.Errorf("field in English = %+v", field)
	}
	if _, violations := english.Accept(schemas.Answers{}); len(violations) != 1 || violations[0].Message != "Choose an answer." || violations[0].Label != "First name" {
		t.Errorf("violations in English = %+v", violations)
	}
	if string(english.Bytes) != string(definition.Bytes) {
		t.Error("a translation has other bytes than the definition")
	}
}

// TestConditionsMayUseWhatPagesCannotAsk keeps the refusals to what is asked.
func TestConditionsMayUseWhatPagesCannotAsk(t *testing.T) {
	mustParse(t, `{"properties":{"a":{"type":"integer"}},"if":{"required":["a"],"anyOf":[{"properties":{"a":{"minimum":3}}},{"properties":{"a":{"maximum":1}}}]},"then":{"properties":{"b":{}}},"not":{"properties":{"a":{"items":[{}]}},"required":["z"]}}`)
}

func TestTitles(t *testing.T) {
	for source, want := range map[string]string{
		`{"properties":{"a":{}}}`: "fête", `{"title":"T","properties":{"a":{}}}`: "T", `{"slug":"s","schema":{"properties":{"a":{}}}}`: "s", `{"event":{"name":"E"},"schema":{"title":"T","properties":{"a":{}}}}`: "E",
	} {
		definition, problems := schemas.Parse("forms/fête.json", []byte(source))
		if definition == nil || definition.Title != want {
			t.Errorf("title of %s = %+v, want %s; problems %v", source, definition, want, problems)
		}
	}
}
