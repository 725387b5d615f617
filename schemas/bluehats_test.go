package schemas_test

import (
	"strings"
	"testing"

	"guichet/schemas"
)

func bluehats(t *testing.T) *schemas.Definition {
	t.Helper()
	data, err := schemas.Starter("bluehats-poss-2019.json")
	if err != nil {
		t.Fatal(err)
	}
	return mustParse(t, string(data))
}

func TestBlueHatsAsksForTalksFromThoseWhoOfferOne(t *testing.T) {
	definition := bluehats(t)
	for _, test := range []struct {
		answers string
		asked   bool
	}{{`{}`, false}, {`{"presenter":false}`, false}, {`{"presenter":true}`, true}} {
		asked := pointers(definition.Resolve(decode(t, test.answers)))
		if strings.Contains(asked, "/presentations") != test.asked {
			t.Errorf("%s asks %s", test.answers, asked)
		}
	}
}

func TestBlueHatsAccepts(t *testing.T) {
	const person = `"prenom":"Camille","nom":"Exemple","email":"camille@exemple.fr","profil":"agent","presence":"journee"`
	for _, test := range []struct{ name, answers, refused string }{
		{"the least", `{` + person + `,"presenter":false}`, ""},
		{"workshops of both halves of the day", `{` + person + `,"presenter":false,"tables":["communs"],"ateliers":["geo","ops"]}`, ""},
		{"a talk with two speakers", `{` + person + `,"presenter":true,"presentations":[{"titre":"Un outil libre","resume":"Retour d’expérience.","minutes":8,"niveau":"tous","intervenants":[{"prenom":"Sacha","nom":"Exemple"}]}]}`, ""},
		{"no word about talks", `{` + person + `}`, "/presenter"},
		{"a talk announced and not described", `{` + person + `,"presenter":true}`, "/presentations"},
		{"a talk that is too long", `{` + person + `,"presenter":true,"presentations":[{"titre":"T","resume":"R","minutes":9,"niveau":"tous"}]}`, "/presentations/0/minutes"},
		{"an address without its end", `{` + strings.Replace(person, "exemple.fr", "", 1) + `,"presenter":false}`, "/email"},
		{"a workshop that is not there", `{` + person + `,"presenter":false,"ateliers":["cuisine"]}`, "/ateliers"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, violations := bluehats(t).Accept(decode(t, test.answers))
			var refused []string
			for _, violation := range violations {
				refused = append(refused, violation.Pointer)
			}
			if got := strings.Join(refused, " "); got != test.refused {
				t.Errorf("refused: %q, want %q", got, test.refused)
			}
		})
	}
}

func TestBlueHatsNeverTicksConsentsInAdvance(t *testing.T) {
	for _, pointer := range []string{"/photos", "/gazette"} {
		field := bluehats(t).Fields().Find(pointer)
		if field == nil || field.Kind != schemas.Boolean || field.Default != nil || field.Required {
			t.Errorf("%s = %+v, want a box that is optional and blank", pointer, field)
		}
	}
}

// TestBlueHatsProgrammeFillsTheDay wants no gap in either room, and a slot for every table and workshop.
func TestBlueHatsProgrammeFillsTheDay(t *testing.T) {
	definition := bluehats(t)
	ends := map[string]string{}
	chosen := map[string]bool{}
	for _, slot := range definition.Event.Programme {
		starts, until := slot.Starts.Format("15:04"), slot.Ends.Format("15:04")
		if before, known := ends[slot.Room]; known && starts > before || !known && starts != "09:00" {
			t.Errorf("%s: nothing before %s at %s", slot.Room, slot.Title, starts)
		}
		ends[slot.Room] = max(until, ends[slot.Room])
		for pointer, key := range slot.Choice {
			chosen[pointer+"="+key] = true
		}
	}
	for room, end := range ends {
		if end != "18:00" {
			t.Errorf("%s ends at %s", room, end)
		}
	}
	for _, pointer := range []string{"/tables", "/ateliers"} {
		for _, choice := range definition.Fields().Find(pointer).Choices {
			if !chosen[pointer+"="+choice.Key] {
				t.Errorf("no slot for %s of %s", choice.Key, pointer)
			}
		}
	}
}
