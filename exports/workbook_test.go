package exports

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"guichet/forms"
)

const one = `{"schema":{"properties":{"texte":{"type":"string","title":"Texte"},"nombre":{"type":"number","title":"Nombre"},"jour":{"type":"string","format":"date","title":"Jour"},
	"moment":{"type":"string","format":"date-time","title":"Moment"},"lien":{"type":"string","format":"uri","title":"Lien"},"oui":{"type":"boolean","title":"Oui ?"}}},
	"lists":[{"id":"tout","name":"Tout"}]}`

// TestTextsStayTexts writes what people type and spreadsheets like to change, and reads it back with other programs.
func TestTextsStayTexts(t *testing.T) {
	texts := []string{
		"=1+1", "+33 6 12 34 56 78", "-5", "@SUM(A1)", "0012", "12345678901234567890", "1E5", "2019-12-11", "TRUE", "é 🎩 𝔊", "مرحبا بالعالم", "a\nb\tc", "<b>&amp;\"'</b>", "_x0041_ and _x005F_", " leading and trailing ", "a\rb",
	}
	var submissions []answered
	for _, text := range texts {
		submissions = append(submissions, answered{answers: string(mustJSON(t, map[string]any{"texte": text}))})
	}
	workbook := workbookOf(t, newSource(t, []string{one}, submissions...), limits)
	sheet := readBack(t, workbook)[0]
	at := columnOf(sheet, "Texte")
	for i, want := range texts {
		cell := sheet.Rows[i+1][at]
		want = strings.ReplaceAll(want, "\r", "\n") // what XML readers make of it differs; no text is lost
		got := strings.ReplaceAll(fmt.Sprint(cell.Value), "\r", "\n")
		if strings.Contains(want, "_x") {
			continue // openpyxl does not undo Excel's escape; excelize does, below
		}
		if cell.Type != "s" || got != want {
			t.Errorf("openpyxl reads %q (%s), want the text %q", got, cell.Type, want)
		}
	}
	if len(sheet.Lean) != len(texts)+1 {
		t.Errorf("openpyxl reads %d rows in read-only mode, want %d", len(sheet.Lean), len(texts)+1)
	}
	file, err := excelize.OpenReader(bytes.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := file.GetRows("Tout")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range texts {
		if got := rows[i+1][at]; got != want && got != strings.ReplaceAll(want, "\r", "\n") {
			t.Errorf("excelize reads %q, want %q", got, want)
		}
	}
	office := throughLibreOffice(t, workbook)
	for _, want := range []string{"=1+1", "+33 6 12 34 56 78", "0012", "12345678901234567890", "é 🎩 𝔊", "مرحبا بالعالم", "_x0041_ and _x005F_"} {
		if !strings.Contains(office, want) {
			t.Errorf("LibreOffice does not show %q:\n%s", want, office)
		}
	}
}

func TestValuesHaveTheirTypes(t *testing.T) {
	winter, summer := time.Date(2019, 10, 27, 1, 30, 0, 0, time.UTC), time.Date(2019, 10, 27, 0, 30, 0, 0, time.UTC)
	source := newSource(t, []string{one},
		answered{created: winter, answers: `{"nombre":1.5,"jour":"2019-12-11","moment":"2019-07-01T12:00:00Z","lien":"https://exemple.fr/?a=1&b=2","oui":true}`},
		answered{created: summer, answers: `{"nombre":-3,"lien":"javascript:alert(1)","oui":false}`},
	)
	sheet := readBack(t, workbookOf(t, source, limits))[0]
	for header, want := range map[string][2]seen{
		"Nombre":      {{Value: 1.5, Type: "n", Format: "General"}, {Value: -3.0, Type: "n", Format: "General"}},
		"Jour":        {{Value: "2019-12-11T00:00:00", Type: "d", Format: "dd/mm/yyyy"}, {Type: "n", Format: "General"}},
		"Moment":      {{Value: "2019-07-01T14:00:00", Type: "d", Format: "dd/mm/yyyy hh:mm"}, {Type: "n", Format: "General"}},
		"Lien":        {{Value: "https://exemple.fr/?a=1&b=2", Type: "s", Format: "General", Link: "https://exemple.fr/?a=1&b=2"}, {Value: "javascript:alert(1)", Type: "s", Format: "@"}},
		"Oui ?":       {{Value: "Oui", Type: "s", Format: "@"}, {Value: "Non", Type: "s", Format: "@"}},
		"Inscription": {{Value: "2019-10-27T02:30:00", Type: "d", Format: "dd/mm/yyyy hh:mm"}, {Value: "2019-10-27T02:30:00", Type: "d", Format: "dd/mm/yyyy hh:mm"}},
	} {
		at := columnOf(sheet, header)
		if at < 0 {
			t.Errorf("no column %q in %v", header, headers(sheet))
			continue
		}
		for i := range want {
			if diff := cmp.Diff(want[i], sheet.Rows[i+1][at]); diff != "" {
				t.Errorf("%s, row %d (-want +got):\n%s", header, i+1, diff)
			}
		}
	}
}

func TestSheetsReadWell(t *testing.T) {
	sheet := readBack(t, workbookOf(t, newSource(t, []string{one}, answered{answers: `{"texte":"a"}`}), limits))[0]
	if sheet.Frozen != "A2" || sheet.Filter != "A1:J2" || !sheet.Rows[0][0].Bold || sheet.Rows[1][0].Bold {
		t.Errorf("frozen %q, filter %q, bold header %v; want A2, A1:J2 and only the header bold", sheet.Frozen, sheet.Filter, sheet.Rows[0][0].Bold)
	}
	for i, width := range sheet.Widths {
		if width < 5 || width > 61 {
			t.Errorf("column %d is %v wide", i+1, width)
		}
	}
}

// TestRowsAreAsHighAsTheirTexts wants an abstract to be seen whole on paper.
func TestRowsAreAsHighAsTheirTexts(t *testing.T) {
	definition := `{"schema":{"properties":{"a":{"type":"string","maxLength":600}}},"lists":[{"id":"l","name":"L"}]}`
	text := answered{answers: string(mustJSON(t, map[string]any{"a": strings.Repeat("mot ", 100)}))}
	sheet := readBack(t, workbookOf(t, newSource(t, []string{definition}, text, answered{answers: `{"a":"mot"}`}), limits))[0]
	if diff := cmp.Diff([]float64{7 * rowHeight}, sheet.Heights); diff != "" {
		t.Errorf("heights that are set, seven lines for 400 characters in a column of 60 and none for a word (-want +got):\n%s", diff)
	}
}

func TestEmptyListsHaveOneHeader(t *testing.T) {
	sheet := readBack(t, workbookOf(t, newSource(t, []string{one}), limits))[0]
	if len(sheet.Rows) != 1 || len(sheet.Lean) != 1 || sheet.Filter != "A1:J1" {
		t.Errorf("rows %d, in read-only mode %d, filter %q; want the header alone", len(sheet.Rows), len(sheet.Lean), sheet.Filter)
	}
}

func TestLongTextsAreCutAndSaySo(t *testing.T) {
	fits, long := strings.Repeat("🎩", 16383)+"x", strings.Repeat("🎩", 16384)
	sheet := readBack(t, workbookOf(t, newSource(t, []string{one}, answered{answers: string(mustJSON(t, map[string]any{"texte": fits}))}, answered{answers: string(mustJSON(t, map[string]any{"texte": long}))}), limits))[0]
	at := columnOf(sheet, "Texte")
	if got := sheet.Rows[1][at].Value; got != fits {
		t.Error("32,767 units were cut")
	}
	got := fmt.Sprint(sheet.Rows[2][at].Value)
	if units(got) > 32767 || !strings.HasSuffix(got, "🎩 [coupé]") {
		t.Errorf("32,768 units became %d, ending in %q", units(got), got[len(got)-20:])
	}
}

func TestMoreRowsGoOnInAnotherSheet(t *testing.T) {
	var submissions []answered
	for i := range 7 {
		submissions = append(submissions, answered{answers: fmt.Sprintf(`{"texte":"%d"}`, i)})
	}
	small := limits
	small.rows = 3
	sheets := readBack(t, workbookOf(t, newSource(t, []string{one}, submissions...), small))
	var got []string
	for _, sheet := range sheets {
		got = append(got, fmt.Sprintf("%s %d %s", sheet.Name, len(sheet.Rows), sheet.Filter))
	}
	if diff := cmp.Diff([]string{"Tout 4 A1:J4", "Tout (suite 2) 4 A1:J4", "Tout (suite 3) 2 A1:J2"}, got); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
}

func TestLinksBeyondTheLimitAreTexts(t *testing.T) {
	small := limits
	small.links = 1
	address := answered{answers: `{"lien":"https://exemple.fr/"}`}
	sheet := readBack(t, workbookOf(t, newSource(t, []string{one}, address, address), small))[0]
	at := columnOf(sheet, "Lien")
	if first, second := sheet.Rows[1][at], sheet.Rows[2][at]; first.Link == "" || second.Link != "" || second.Value != "https://exemple.fr/" {
		t.Errorf("links = %+v, %+v; want one link, then a text", first, second)
	}
}

func TestSheetNamesAreLegal(t *testing.T) {
	book := &workbook{names: map[string]bool{}}
	for _, test := range [][2]string{
		{"Atelier : [géo] */?\\", "Atelier géo"}, {"atelier géo", "atelier géo 2"}, {strings.Repeat("é", 40), strings.Repeat("é", 31)}, {strings.Repeat("É", 40), strings.Repeat("É", 29) + " 2"},
		{"'quoted'", "quoted"}, {"", "_"}, {"History", "History_"}, {strings.Repeat("🎩", 20), strings.Repeat("🎩", 15)},
	} {
		if got := book.name(test[0]); got != test[1] || units(got) > 31 {
			t.Errorf("name(%q) = %q, want %q", test[0], got, test[1])
		}
	}
}

// TestFailuresLeaveNothing breaks an export in the middle: no half a file, no temporary one.
func TestFailuresLeaveNothing(t *testing.T) {
	source := newSource(t, []string{one})
	broken := errors.New("the store went away")
	source.Submissions = func(yield func(forms.Submission, error) bool) {
		for range 500 {
			if !yield(forms.Submission{Version: 1, Answers: []byte(`{"texte":"a"}`)}, nil) {
				return
			}
		}
		yield(forms.Submission{}, broken)
	}
	for _, format := range []Format{XLSX, CSV, JSON} {
		var out bytes.Buffer
		if err := Write(t.Context(), &out, source, "tout", format); !errors.Is(err, broken) {
			t.Errorf("%s: error = %v, want that of the store", format, err)
		}
		if format == XLSX && out.Len() > 0 {
			t.Errorf("%d bytes of a workbook were written before the failure", out.Len())
		}
	}
	left, err := os.ReadDir(source.Temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
}

func units(text string) int {
	n := 0
	for _, r := range text {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
