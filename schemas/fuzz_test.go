package schemas_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"guichet/schemas"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(talks))
	f.Add([]byte(`{"schema":{"$ref":"#"},"uiSchema":[],"translations":{"en":{"/schema":"x"}}}`))
	f.Add([]byte(`{"definitions":{"n":{"properties":{"n":{"$ref":"#/definitions/n"}}}},"$ref":"#/definitions/n"}`))
	for _, name := range schemas.StarterNames() {
		data, err := schemas.Starter(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		definition, problems := schemas.Parse("f.json", data)
		if definition == nil && len(problems) == 0 {
			t.Fatal("refused without a reason")
		}
		if definition != nil {
			definition.Resolve(schemas.Answers{})
			definition.Accept(schemas.Answers{"a": "b"})
		}
	})
}

// FuzzAccept checks what holds for every answer: an accepted one is accepted again, unchanged.
func FuzzAccept(f *testing.F) {
	f.Add([]byte(`{"email":"a@exemple.fr","presenter":true,"presentations":[{"titre":"Une","minutes":8,"pourquoi":"x"}],"z":1}`))
	f.Add([]byte(`{"email":"a@exemple.fr","presenter":"x","presentations":{"0":1},"ateliers":[["geo"]]}`))
	definition, _ := schemas.Parse("f.json", []byte(talks))
	f.Fuzz(func(t *testing.T, data []byte) {
		answers, violations := schemas.DecodeJSON(data, "en")
		if violations != nil {
			return
		}
		definition.Resolve(answers)
		accepted, violations := definition.Accept(answers)
		if violations != nil {
			return
		}
		if !json.Valid(accepted.JSON) {
			t.Fatalf("accepted answers are no JSON: %q", accepted.JSON)
		}
		again, violations := schemas.DecodeJSON(accepted.JSON, "en")
		if violations != nil {
			t.Fatalf("%s is not read again: %v", accepted.JSON, violations)
		}
		twice, violations := definition.Accept(again)
		if violations != nil || string(twice.JSON) != string(accepted.JSON) || len(twice.Ignored) > 0 {
			t.Fatalf("%s becomes %s, violations %v, ignored %v", accepted.JSON, twice.JSON, violations, twice.Ignored)
		}
	})
}

func FuzzDecodeForm(f *testing.F) {
	f.Add("/email=a@exemple.fr&/presentations/0/titre=x&/presentations/0/invites/0/nom=y", "/presenter")
	f.Add("/presentations=x&/presentations/0=y&/ateliers/0=geo&/~2=z", "/presentations/-/titre")
	definition, _ := schemas.Parse("f.json", []byte(talks))
	f.Fuzz(func(t *testing.T, posted, shown string) {
		values, err := url.ParseQuery(posted)
		if err != nil {
			return
		}
		definition.Resolve(definition.DecodeDraft(values, []string{shown}))
		definition.Accept(definition.DecodeForm(values, []string{shown}))
	})
}
