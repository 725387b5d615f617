package exports

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"guichet/forms"
	"guichet/schemas"
)

func mustJSON(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// bluehats is the BlueHats form with two registrations, one of them with two talks and a co-speaker.
func bluehats(t *testing.T) Source {
	data, err := schemas.Starter("bluehats-poss-2019.json")
	if err != nil {
		t.Fatal(err)
	}
	return newSource(t, []string{string(data)},
		answered{answers: `{"prenom":"Camille","nom":"Exemple","email":"camille@exemple.fr","profil":"agent","organisation":"Service exemple","presence":"journee","tables":["communs"],"ateliers":["geo","ops"],"presenter":true,
			"presentations":[{"titre":"Un outil","resume":"Retour.","minutes":6,"niveau":"tous","lien":"https://exemple.fr/","intervenants":[{"prenom":"Andrea","nom":"Exemple","email":"andrea@example.org"}]},{"titre":"Une donnée","resume":"Encore.","minutes":5,"niveau":"expert"}]}`},
		answered{answers: `{"prenom":"Sacha","nom":"Essai","email":"sacha@example.org","profil":"citoyen","presence":"matin","ateliers":["geo"],"presenter":false}`},
	)
}

// tableOf reads a CSV list: its header, then its rows.
func tableOf(t *testing.T, source Source, list string) [][]string {
	t.Helper()
	text, marked := strings.CutPrefix(write(t, source, list, CSV), "\ufeff")
	if !marked {
		t.Error("no byte order mark: Excel would take UTF-8 for something else")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// pick gives some columns of a list by their headers.
func pick(t *testing.T, rows [][]string, wanted ...string) [][]string {
	t.Helper()
	var picked [][]string
	for _, row := range rows {
		var values []string
		for _, header := range wanted {
			for i, name := range rows[0] {
				if name == header {
					values = append(values, row[i])
				}
			}
		}
		picked = append(picked, values)
	}
	return picked
}

func TestListsOfTheDay(t *testing.T) {
	source := bluehats(t)
	var ids []string
	for _, list := range Lists(source.current()) {
		ids = append(ids, list.ID)
	}
	want := []string{"participants", "presentations", "intervenants", "table:souverainete", "table:acteurs", "table:communs", "atelier:datascience", "atelier:geo", "atelier:dev", "atelier:ops"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
	for _, test := range []struct {
		list string
		want [][]string
	}{
		{"participants", [][]string{{"Référence", "Nom", "Prénom", "Ateliers : Coin géo", "Ateliers : Coin ops"}, {"T-0001", "Exemple", "Camille", "Oui", "Oui"}, {"T-0002", "Essai", "Sacha", "Oui", "Non"}}},
		{"presentations", [][]string{{"Titre", "Durée", "Public", "Nom", "Adresse électronique"}, {"Un outil", "6", "Tout public", "Exemple", "camille@exemple.fr"}, {"Une donnée", "5", "Public expert", "Exemple", "camille@exemple.fr"}}},
		{"intervenants", [][]string{{"Prénom", "Nom", "Titre", "Prénom (inscription)"}, {"Andrea", "Exemple", "Un outil", "Camille"}}},
		{"atelier:geo", [][]string{{"N°", "Nom", "Signature"}, {"1", "Exemple", ""}, {"2", "Essai", ""}}},
		{"atelier:ops", [][]string{{"N°", "Nom", "Signature"}, {"1", "Exemple", ""}}},
		{"table:acteurs", [][]string{{"N°", "Nom", "Signature"}}},
	} {
		rows := tableOf(t, bluehats(t), test.list)
		if diff := cmp.Diff(test.want, pick(t, rows, test.want[0]...)); diff != "" {
			t.Errorf("%s, columns %v (-want +got):\n%s", test.list, rows[0], diff)
		}
	}
	_, err := source.table("nope")
	if forms.CodeOf(err) != forms.NotFound || !strings.Contains(err.Error(), "atelier:geo") {
		t.Errorf("error = %v, want not_found with the lists there are", err)
	}
}

func TestWorkbookOfTheDay(t *testing.T) {
	var names []string
	for _, sheet := range readBack(t, workbookOf(t, bluehats(t), limits)) {
		names = append(names, sheet.Name)
		if len(sheet.Rows) != len(sheet.Lean) {
			t.Errorf("%s: %d rows, in read-only mode %d", sheet.Name, len(sheet.Rows), len(sheet.Lean))
		}
	}
	if len(names) != 10 || names[0] != "Participants" || names[1] != "Présentations" {
		t.Errorf("sheets = %q", names)
	}
}

// TestColumnsAcrossVersions renames, retires and adds questions and choices.
func TestColumnsAcrossVersions(t *testing.T) {
	const frame = `{"schema":{"properties":{%s}},"uiSchema":{%s},"lists":[{"id":"l","name":"L"}]}`
	fill := func(properties, ui string) string {
		return strings.Replace(strings.Replace(frame, "%s", properties, 1), "%s", ui, 1)
	}
	source := newSource(t, []string{
		fill(`"a":{"type":"string","title":"A"},"gone":{"type":"string","title":"Disparue"},"c":{"type":"array","uniqueItems":true,"title":"C","items":{"enum":["x","y"]}}`, `"a":{"ui:options":{"id":"name"}}`),
		fill(`"new":{"type":"string","title":"Nouvelle"},"b":{"type":"string","title":"B"},"c":{"type":"array","uniqueItems":true,"title":"C","items":{"enum":["y","z"]}}`, `"b":{"ui:options":{"id":"name"}}`),
	},
		answered{version: 1, answers: `{"a":"one","gone":"g","c":["x"]}`},
		answered{version: 2, answers: `{"b":"two","c":["y"]}`},
	)
	want := [][]string{
		{"Nouvelle", "B", "C : y", "C : z", "C : x (retirée)", "Disparue (retirée)"},
		{"non demandé", "one", "Non", "non demandé", "Oui", "g"},
		{"", "two", "Oui", "Non", "non demandé", "non demandé"},
	}
	rows := tableOf(t, source, "l")
	if diff := cmp.Diff(want[0], rows[0][2:8]); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, pick(t, rows, want[0]...)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	var objects []map[string]any
	if err := json.Unmarshal([]byte(write(t, source, "l", JSON)), &objects); err != nil {
		t.Fatal(err)
	}
	if _, asked := objects[0]["/new"]; asked || objects[1]["name"] != "two" || objects[1]["/c=y"] != true {
		t.Errorf("objects = %v; want no name for what was not asked, values with their types", objects)
	}
}

func TestEqualHeadersAreToldApart(t *testing.T) {
	source := newSource(t, []string{`{"schema":{"properties":{"a":{"title":"Nom"},"b":{"title":"Nom"},"c":{"title":"Référence"}}},"lists":[{"id":"l","name":"L"}]}`})
	if diff := cmp.Diff([]string{"Référence", "Statut", "Nom", "Nom 2", "Référence 2", "Inscription", "Modification"}, tableOf(t, source, "l")[0]); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestWhereColumnsAndDefaultLists(t *testing.T) {
	source := newSource(t, []string{`{"schema":{"properties":{"repas":{"type":"boolean"},"nom":{"type":"string","title":"Nom"}}},
		"lists":[{"id":"repas","name":"Repas","where":{"required":["repas"],"properties":{"repas":{"const":true}}},"columns":["/nom","reference"]}]}`},
		answered{answers: `{"repas":true,"nom":"a"}`}, answered{answers: `{"repas":false,"nom":"b"}`}, answered{answers: `{"nom":"c"}`})
	if diff := cmp.Diff([][]string{{"Nom", "Référence"}, {"a", "T-0001"}}, tableOf(t, source, "repas")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	bare := newSource(t, []string{`{"properties":{"nom":{},"talks":{"type":"array","title":"Exposés","items":{"type":"object","properties":{"titre":{}}}}}}`})
	lists := Lists(bare.current())
	if len(lists) != 2 || lists[0].ID != "participants" || lists[1].ID != "talks" || lists[1].Name != "Exposés" {
		t.Errorf("lists of a bare schema = %+v", lists)
	}
}

func TestCSVGuardsFormulasAndKeepsTheirText(t *testing.T) {
	source := newSource(t, []string{one}, answered{answers: `{"texte":"=1+1"}`}, answered{answers: `{"texte":"+33 6 12 34 56 78","nombre":-5}`}, answered{answers: `{"texte":"＝A1"}`}, answered{answers: `{"texte":"a;\"b\"\nc"}`})
	want := [][]string{{"Texte", "Nombre"}, {"'=1+1", ""}, {"'+33 6 12 34 56 78", "-5"}, {"'＝A1", ""}, {"a;\"b\"\nc", ""}}
	if diff := cmp.Diff(want, pick(t, tableOf(t, source, "tout"), "Texte", "Nombre")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

func TestExporterGivesWholeFilesOneAfterTheOther(t *testing.T) {
	folder := t.TempDir()
	exporter := NewExporter(folder)
	file, err := exporter.File(t.Context(), func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "whole")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := io.Copy(&out, file); err != nil || out.String() != "whole" || file.Size() != 5 {
		t.Errorf("file = %q of %d bytes, error %v", out.String(), file.Size(), err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	broken := errors.New("broken")
	if _, err := exporter.File(t.Context(), func(context.Context, io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("error = %v, want that of the export", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	begun, finish := make(chan struct{}, 64), make(chan struct{})
	var others sync.WaitGroup
	for range 64 { // as many as any machine runs at once
		others.Go(func() {
			_, _ = exporter.File(t.Context(), func(context.Context, io.Writer) error { begun <- struct{}{}; <-finish; return broken })
		})
	}
	<-begun
	cancel()
	if _, err := exporter.File(ended, func(context.Context, io.Writer) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error of an export nobody waits for = %v", err)
	}
	close(finish)
	others.Wait()
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}
