package schemas_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"guichet/schemas"
)

// TestDefinitionSchemaKnowsEverySetting keeps what editors complete and what the code reads the same.
func TestDefinitionSchemaKnowsEverySetting(t *testing.T) {
	var published map[string]any
	if err := json.Unmarshal(schemas.DefinitionSchema, &published); err != nil {
		t.Fatal(err)
	}
	properties := published["properties"].(map[string]any)
	for _, name := range []string{"$schema", "schema", "uiSchema", "translations"} {
		if properties[name] == nil {
			t.Errorf("the schema does not describe %s", name)
		}
		delete(properties, name)
	}
	compareSettings(t, "", reflect.TypeFor[schemas.Settings](), published)
}

func compareSettings(t *testing.T, at string, typ reflect.Type, published map[string]any) {
	t.Helper()
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
		if typ.Kind() == reflect.Slice {
			published, _ = published["items"].(map[string]any)
		}
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || typ == reflect.TypeFor[time.Time]() {
		return
	}
	if published["additionalProperties"] != false {
		t.Errorf("%s: a misspelt setting would pass", at)
	}
	properties, _ := published["properties"].(map[string]any)
	var read []string
	for field := range typ.Fields() {
		name := field.Tag.Get("json")
		read = append(read, name)
		described, ok := properties[name].(map[string]any)
		if !ok || described["description"] == nil {
			t.Errorf("%s/%s is read and not described", at, name)
			continue
		}
		compareSettings(t, at+"/"+name, field.Type, described)
	}
	for name := range properties {
		if !slices.Contains(read, name) {
			t.Errorf("%s/%s is described and never read", at, name)
		}
	}
}

func TestDefinitionSchemaJudgesSettings(t *testing.T) {
	const form = `{"schema":{"properties":{"a":{"enum":["x"]},"g":{"type":"array","items":{"properties":{"b":{}}}}}},`
	for _, test := range []struct{ name, setting, pointer string }{
		{"address with a capital", `"slug":"Journee"`, "/slug"},
		{"language Guichet does not speak", `"language":"de"`, "/language"},
		{"uiSchema that is no object", `"uiSchema":[]`, "/uiSchema"},
		{"event without a name", `"event":{"place":"Ici"}`, "/event"},
		{"date without an offset", `"event":{"name":"E","starts":"2019-12-11T09:00:00"}`, "/event/starts"},
		{"contact that is no address", `"event":{"name":"E","contact":"bureau 12"}`, "/event/contact"},
		{"misspelt setting of a slot", `"event":{"name":"E","programme":[{"starts":"2019-12-11T09:00:00Z","ends":"2019-12-11T10:00:00Z","title":"T","salle":"1"}]}`, "/event/programme/0/salle"},
		{"no place at all", `"registration":{"places":0}`, "/registration/places"},
		{"prefix in lower case", `"registration":{"prefix":"bh"}`, "/registration/prefix"},
		{"person that is no pointer", `"person":{"email":"a"}`, "/person/email"},
		{"list without a name", `"lists":[{"id":"l"}]`, "/lists/0"},
		{"list id with a space", `"lists":[{"id":"a b","name":"L"}]`, "/lists/0/id"},
		{"retention in words", `"privacy":{"retention":"6 mois"}`, "/privacy/retention"},
		{"retention of nothing", `"privacy":{"retention":"P"}`, "/privacy/retention"},
	} {
		t.Run(test.name, func(t *testing.T) {
			definition, problems := schemas.Parse("form.json", []byte(form+test.setting+`}`))
			if definition != nil {
				t.Fatal("Parse accepted it")
			}
			if i := slices.IndexFunc(problems, func(p schemas.Problem) bool { return p.Pointer == test.pointer }); i < 0 {
				t.Errorf("problems = %v, want one at %s", problems, test.pointer)
			}
		})
	}
	mustParse(t, form+`"$schema":"definition.schema.json","slug":"a","language":"en","uiSchema":{"classNames":"x","a":{"ui:widget":"radio"}},
		"event":{"name":"E","starts":"2019-12-11T09:00:00+01:00","programme":[{"room":"R","starts":"2019-12-11T09:00:00Z","ends":"2019-12-11T10:00:00Z","title":"T","talks":"/g/*","choice":{"/a":"x"}}]},
		"registration":{"opens":"2019-11-01T00:00:00+01:00","closes":"2019-12-10T00:00:00+01:00","prefix":"BH","places":200,"choices":{"/a":{"x":20}}},
		"person":{"email":"/a"},"lists":[{"id":"l","name":"L {choice}","each":"/a","signature":true,"columns":["/a","reference"]},{"id":"m","name":"M","rows":"/g/*","withPerson":true,"where":{"required":["a"]}}],
		"privacy":{"retention":"P1Y6M"},"mail":{"replyTo":"a@exemple.fr"}}`)
}
