package schemas_test

import (
	"net/url"
	"testing"
)

func TestDecodeFormTypesWhatWasPosted(t *testing.T) {
	const nullable = `{"required":["n"],"properties":{"n":{"type":["string","null"]},"m":{"type":["string","null"]}}}`
	const numbers = `{"properties":{"f":{"type":"number"},"i":{"type":"integer"},"b":{"type":"boolean"}}}`
	for _, test := range []struct {
		name, schema, posted string
		shown                []string
		want                 string
	}{
		{"texts lose their ends", talks, "/email=+a@exemple.fr+", nil, `{"email":"a@exemple.fr"}`},
		{"a blank text is absent", talks, "/email=+", nil, `{}`},
		{"line ends are one character", talks, "/presentations/0/titre=a%0D%0Ab", nil, `{"presentations":[{"titre":"a\nb"}]}`},
		{"a box that was shown and not ticked is false", numbers, "", []string{"/b"}, `{"b":false}`},
		{"a box that was not shown is absent", numbers, "", nil, `{}`},
		{"a ticked box is true", numbers, "/b=true", []string{"/b"}, `{"b":true}`},
		{"Oui and Non left blank are absent", talks, "", []string{"/presenter"}, `{}`},
		{"Non is false", talks, "/presenter=false", []string{"/presenter"}, `{"presenter":false}`},
		{"a blank control that is required and nullable is null", nullable, "/n=&/m=", nil, `{"n":null}`},
		{"a number with a comma", numbers, "/f=1+234,5", nil, `{"f":1234.5}`},
		{"a whole number", numbers, "/i=42", nil, `{"i":42}`},
		{"what is no number stays a text", numbers, "/i=dix", nil, `{"i":"dix"}`},
		{"choices have the type of their values", talks, "/presentations/0/minutes=7", nil, `{"presentations":[{"minutes":7}]}`},
		{"a choice that is not there stays a text", talks, "/presentations/0/minutes=9", nil, `{"presentations":[{"minutes":"9"}]}`},
		{"several choices", talks, "/ateliers=geo&/ateliers=ops", []string{"/ateliers"}, `{"ateliers":["geo","ops"]}`},
		{"no choice at all is absent", talks, "", []string{"/ateliers"}, `{}`},
		{"blank items are removed, an unticked box being no answer", talks,
			"/presentations/0/titre=Un&/presentations/0/invites/0/nom=&/presentations/1/titre=&/presentations/2/titre=Deux&/presentations/2/invites/1/nom=X",
			[]string{"/presentations/0/invites/0/vient", "/presentations/1/invites/0/vient", "/presentations/2/invites/1/vient"},
			`{"presentations":[{"titre":"Un"},{"invites":[{"nom":"X","vient":false}],"titre":"Deux"}]}`},
		{"far indexes make no room", talks, "/presentations/999999999/titre=Un", nil, `{"presentations":[{"titre":"Un"}]}`},
		{"other names are passed over", talks, "_token=x&email[$ne]=y&/email=a@exemple.fr", nil, `{"email":"a@exemple.fr"}`},
		{"what is not asked stays a text, for Accept to name", talks, "/x/y=1", nil, `{"x":{"y":"1"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			values, err := url.ParseQuery(test.posted)
			if err != nil {
				t.Fatal(err)
			}
			if got := encode(t, mustParse(t, test.schema).DecodeForm(values, test.shown)); got != test.want {
				t.Errorf("DecodeForm = %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestDecodeDraftKeepsBlankItems(t *testing.T) {
	values, _ := url.ParseQuery("/presentations/0/titre=&/presentations/1/titre=Un")
	if got, want := encode(t, mustParse(t, talks).DecodeDraft(values, nil)), `{"presentations":[{},{"titre":"Un"}]}`; got != want {
		t.Errorf("DecodeDraft = %s, want %s", got, want)
	}
}
