package schemas_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"guichet/schemas"
)

func TestAcceptPrunesChecksDrops(t *testing.T) {
	for _, test := range []struct {
		name, schema, answers, want string
		ignored                     []string
	}{
		{"what only an inactive branch describes goes", talks, `{"email":"a@exemple.fr","presenter":false,"presentations":[{"titre":"Un","minutes":5}],"raison":"r"}`, `{"email":"a@exemple.fr","presenter":false,"raison":"r"}`, nil},
		{"what an item's inactive branch describes goes", talks, `{"email":"a@exemple.fr","presenter":true,"presentations":[{"titre":"Une","minutes":5,"pourquoi":"x"}]}`, `{"email":"a@exemple.fr","presenter":true,"presentations":[{"titre":"Une","minutes":5}]}`, nil},
		{"pruning goes on until nothing changes",
			`{"properties":{"a":{}},"allOf":[{"if":{"required":["a"]},"then":{"properties":{"b":{}}}},{"if":{"required":["b"]},"then":{"properties":{"c":{}}}}]}`,
			`{"b":1,"c":2}`, `{}`, nil},
		{"what no branch describes is dropped and named", talks, `{"email":"a@exemple.fr","x/y":1,"presenter":true,"presentations":[{"titre":"Une","minutes":5,"z":1}]}`, `{"email":"a@exemple.fr","presenter":true,"presentations":[{"titre":"Une","minutes":5}]}`, []string{"/presentations/0/z", "/x~1y"}},
		{"a schema for additional properties describes them", `{"properties":{"a":{}},"additionalProperties":{"type":"string"}}`, `{"z":"1","a":"2"}`, `{"a":"2","z":"1"}`, nil},
		{"pattern properties describe", `{"properties":{"a":{}},"patternProperties":{"^x-":{}}}`, `{"x-1":1,"y":2}`, `{"x-1":1}`, []string{"/y"}},
		{"properties come out in the definition's order", `{"properties":{"z":{},"a":{},"m":{}}}`, `{"a":1,"m":2,"z":3}`, `{"z":3,"a":1,"m":2}`, nil},
		{"numbers are canonical", `{"properties":{"a":{"type":"array","items":{}}}}`, `{"a":[1.0,1e2,-0,1.50,1e-7,9007199254740992]}`, `{"a":[1,100,0,1.5,1e-7,9007199254740992]}`, nil},
		{"texts are kept as they are", `{"properties":{"a":{}}}`, `{"a":"é <b>&\"\\\u2028 🎩\n"}`, "{\"a\":\"é <b>&\\\"\\\\\\u2028 🎩\\n\"}", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			accepted, violations := mustParse(t, test.schema).Accept(decode(t, test.answers))
			if violations != nil {
				t.Fatalf("Accept refused: %+v", violations)
			}
			if diff := cmp.Diff(test.want, string(accepted.JSON)); diff != "" {
				t.Errorf("JSON (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.ignored, accepted.Ignored); diff != "" {
				t.Errorf("Ignored (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAcceptSaysWhatIsWrong(t *testing.T) {
	const several = `{"required":["a"],"properties":{"a":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"enum":["x","y","z"]}}}}`
	for _, test := range []struct{ name, schema, answers, pointer, code, fr, en string }{
		{"missing", talks, `{}`, "/email", "required", "Indiquez une adresse électronique, par exemple nom@exemple.fr.", "Give an e-mail address, for example name@example.org."},
		{"e-mail without its end", talks, `{"email":"camille@"}`, "/email", "format", "Il manque la fin, après le «\u00a0@\u00a0»\u00a0: par exemple nom@exemple.fr.", "The end is missing, after the “@”: for example name@example.org."},
		{"e-mail without @", talks, `{"email":"camille"}`, "/email", "format", "Il manque le «\u00a0@\u00a0»\u00a0: par exemple nom@exemple.fr.", "The “@” is missing: for example name@example.org."},
		{"too small", talks, `{"email":"a@exemple.fr","age":17}`, "/age", "minimum", "Indiquez un nombre d’au moins 18.", "Give a number of at least 18."},
		{"not a number", talks, `{"email":"a@exemple.fr","age":"dix"}`, "/age", "type", "Écrivez un nombre entier, en chiffres.", "Write a whole number, in figures."},
		{"not a choice", talks, `{"email":"a@exemple.fr","ateliers":["nope"]}`, "/ateliers", "enum", "Choisissez une des réponses proposées.", "Choose one of the answers offered."},
		{"a group that is needed", talks, `{"email":"a@exemple.fr","presenter":true}`, "/presentations", "required", "Ajoutez-en au moins un.", "Add at least one."},
		{"an empty group that needs one", talks, `{"email":"a@exemple.fr","presenter":true,"presentations":[]}`, "/presentations", "minItems", "Ajoutez-en au moins un.", "Add at least one."},
		{"in an item", talks, `{"email":"a@exemple.fr","presenter":true,"presentations":[{"titre":"ab","minutes":5}]}`, "/presentations/0/titre", "minLength", "Écrivez au moins 3 caractères\u00a0: il y en a 2.", "Write at least 3 characters: there are 2."},
		{"an operator is no e-mail", talks, `{"email":{"$ne":1}}`, "/email", "type", "Cette réponse n’est pas du type attendu.", "This answer is not of the expected type."},
		{"too many choices", several, `{"a":["x","y","z"]}`, "/a", "maxItems", "Il en faut au plus 2 réponses\u00a0: retirez-en 1.", "At most 2 answers are accepted: remove 1."},
		{"the same choice twice", several, `{"a":["x","x"]}`, "/a", "unique", "Cette réponse est donnée deux fois\u00a0: retirez-en une.", "This answer is given twice: remove one."},
		{"a box that has to be ticked", `{"required":["ok"],"properties":{"ok":{"type":"boolean","const":true}}}`, `{"ok":false}`, "/ok", "const", "Cochez cette case pour continuer.", "Tick this box to continue."},
		{"additionalProperties false refuses", `{"properties":{"a":{}},"additionalProperties":false}`, `{"b":1}`, "/b", "unknown", "Le formulaire ne demande pas cette réponse\u00a0: retirez-la.", "The form does not ask for this answer: remove it."},
		{"too long", `{"properties":{"a":{"type":"string","maxLength":3}}}`, `{"a":"🎩🎩🎩🎩"}`, "/a", "maxLength", "Écrivez au plus 3 caractères\u00a0: il y en a 1 de trop.", "Write at most 3 characters: there are 1 too many."},
		{"web address without scheme", `{"properties":{"a":{"type":"string","format":"uri"}}}`, `{"a":"exemple.fr"}`, "/a", "format", "L’adresse doit commencer par https://\u00a0: par exemple https://exemple.fr/page.", "The address has to begin with https://, for example https://example.org/page."},
		{"pattern with a lookahead", `{"properties":{"a":{"type":"string","pattern":"^(?!x).*$"}}}`, `{"a":"xy"}`, "/a", "pattern", "Ce n’est pas écrit sous la forme attendue. Vérifiez votre saisie.", "This is not written in the expected form. Please check it."},
	} {
		t.Run(test.name, func(t *testing.T) {
			definition := mustParse(t, test.schema)
			_, violations := definition.Accept(decode(t, test.answers))
			if len(violations) != 1 {
				t.Fatalf("violations = %+v, want one", violations)
			}
			got := violations[0]
			if got.Pointer != test.pointer || got.Code != test.code || got.Message != test.fr {
				t.Errorf("violation = %+v\nwant %s %s %q", got, test.pointer, test.code, test.fr)
			}
			english := mustParse(t, inEnglish(test.schema))
			_, violations = english.Accept(decode(t, test.answers))
			if len(violations) != 1 || violations[0].Message != test.en {
				t.Errorf("in English %+v\nwant %q", violations, test.en)
			}
		})
	}
}

// inEnglish gives a definition whose own language is English.
func inEnglish(schema string) string {
	if strings.Contains(schema, `"schema":`) {
		return strings.Replace(schema, "{", `{"language":"en",`, 1)
	}
	return `{"language":"en","schema":` + schema + `}`
}

func TestViolationsComeInPageOrder(t *testing.T) {
	definition := mustParse(t, `{"schema":{"required":["a","b","c"],"properties":{"a":{},"b":{},"c":{}}},"uiSchema":{"ui:options":{"sections":[{"title":"1","fields":["c"]},{"title":"2","fields":["b","a"]}]}}}`)
	_, violations := definition.Accept(schemas.Answers{})
	var got []string
	for _, violation := range violations {
		got = append(got, violation.Pointer)
	}
	if diff := cmp.Diff([]string{"/c", "/b", "/a"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestDecodeJSONRefusesWhatCannotBeKept(t *testing.T) {
	for _, test := range []struct{ name, source, pointer, code string }{
		{"not JSON", `{"a":`, "", "json"},
		{"more after the end", `{} {}`, "", "json"},
		{"not an object", `[1]`, "", "object"},
		{"repeated name", `{"a":{"b":1,"b":2}}`, "/a/b", "twice"},
		{"NUL in a text", `{"a":["x\u0000"]}`, "/a/0", "nul"},
		{"NUL in a name", `{"x\u0000":1}`, "/x\x00", "nul"},
		{"invalid UTF-8", "{\"a\":\"\xff\"}", "", "utf8"},
		{"beyond 2^53", `{"a":9007199254740993}`, "/a", "range"},
		{"beyond int64", `{"a":99999999999999999999}`, "/a", "range"},
		{"beyond float64", `{"a":1e400}`, "/a", "range"},
		{"too deep", strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), strings.Repeat("/a", 33), "depth"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, violations := schemas.DecodeJSON([]byte(test.source), "fr")
			if len(violations) != 1 || violations[0].Code != test.code || violations[0].Pointer != test.pointer || violations[0].Message == "" {
				t.Errorf("violations = %+v, want %s at %q", violations, test.code, test.pointer)
			}
		})
	}
}
