package exports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/forms"
	"guichet/schemas"
)

var paris = func() *time.Location {
	location, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	return location
}()

// answered is one submission of a test: the version it answered, and its answers.
type answered struct {
	version int
	created time.Time
	answers string
}

// newSource makes a source of definitions, oldest first, and submissions.
func newSource(t testing.TB, definitions []string, submissions ...answered) Source {
	t.Helper()
	source := Source{Form: forms.Form{Slug: "f", Version: len(definitions)}, Definitions: map[int]*schemas.Definition{}, Exported: time.Date(2019, 12, 1, 8, 0, 0, 0, time.UTC), Temporary: t.TempDir()}
	for i, text := range definitions {
		definition, problems := schemas.Parse("f.json", []byte(text))
		if definition == nil {
			t.Fatal(problems)
		}
		source.Definitions[i+1] = definition
	}
	source.Submissions = func(yield func(forms.Submission, error) bool) {
		for i, one := range submissions {
			created := one.created
			if created.IsZero() {
				created = time.Date(2019, 11, 5, 8, 30, 0, 0, time.UTC)
			}
			submission := forms.Submission{ID: fmt.Sprint(i), Form: "f", Version: max(one.version, 1), Reference: fmt.Sprintf("T-%04d", i+1), Status: forms.Confirmed, Created: created, Updated: created, Answers: []byte(one.answers)}
			if !yield(submission, nil) {
				return
			}
		}
	}
	return source
}

// workbookOf writes the workbook of a source.
func workbookOf(t *testing.T, source Source, b bounds) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := writeWorkbook(t.Context(), &out, source, source.tables(), b); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(source.Temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, error %v", left, err)
	}
	return out.Bytes()
}

func requireOffice(t *testing.T, what string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if slices.Contains(strings.Split(os.Getenv("GUICHET_REQUIRE"), ","), "office") {
		t.Fatalf("no %s: %v", what, err)
	}
	t.Skipf("no %s: %v", what, err)
}

// seen is a cell as openpyxl reads it.
type seen struct {
	Value  any
	Type   string // openpyxl's data_type: s, n, d, b, f
	Format string
	Link   string
	Bold   bool
}

// sheetSeen is a sheet as openpyxl reads it.
type sheetSeen struct {
	Name    string
	Rows    [][]seen
	Lean    [][]any // the values again, read in read-only mode
	Frozen  string
	Filter  string
	Widths  []float64
	Heights []float64
}

const openpyxl = `
import datetime, io, json, sys, openpyxl
data = sys.stdin.buffer.read()
full = openpyxl.load_workbook(io.BytesIO(data))
lean = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
def plain(v): return v.isoformat() if isinstance(v, (datetime.datetime, datetime.date)) else v
out = []
for sheet in full:
    rows = [[{"Value": plain(c.value), "Type": c.data_type, "Format": c.number_format, "Link": c.hyperlink.target if c.hyperlink else "", "Bold": bool(c.font.bold)} for c in row] for row in sheet.iter_rows()]
    out.append({"Name": sheet.title, "Rows": rows, "Lean": [[plain(v) for v in row] for row in lean[sheet.title].iter_rows(values_only=True)],
        "Frozen": sheet.freeze_panes, "Filter": sheet.auto_filter.ref, "Widths": [d.width for d in sheet.column_dimensions.values()], "Heights": [d.height or 0 for d in sheet.row_dimensions.values()]})
json.dump(out, sys.stdout)
`

// readBack reads a workbook with openpyxl, in both its modes.
func readBack(t *testing.T, workbook []byte) []sheetSeen {
	t.Helper()
	requireOffice(t, "openpyxl", exec.Command("python3", "-c", "import openpyxl").Run())
	command := exec.Command("python3", "-c", openpyxl)
	command.Stdin = bytes.NewReader(workbook)
	var problems strings.Builder
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("openpyxl: %v\n%s", err, problems.String())
	}
	var sheets []sheetSeen
	if err := json.Unmarshal(out, &sheets); err != nil {
		t.Fatal(err)
	}
	return sheets
}

// throughLibreOffice converts a workbook's first sheet to CSV with LibreOffice, which computes formulas.
func throughLibreOffice(t *testing.T, workbook []byte) string {
	t.Helper()
	_, err := exec.LookPath("soffice")
	requireOffice(t, "LibreOffice (soffice)", err)
	folder := t.TempDir()
	path := filepath.Join(folder, "w.xlsx")
	if err := os.WriteFile(path, workbook, 0o600); err != nil {
		t.Fatal(err)
	}
	// 44,34,76: comma, double quote, UTF-8.
	command := exec.Command("soffice", "-env:UserInstallation=file://"+folder+"/profile", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76", "--outdir", folder, path)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(folder, "w.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func columnOf(sheet sheetSeen, header string) int {
	return slices.IndexFunc(sheet.Rows[0], func(c seen) bool { return c.Value == header })
}

func headers(sheet sheetSeen) []string {
	var found []string
	for _, cell := range sheet.Rows[0] {
		found = append(found, fmt.Sprint(cell.Value))
	}
	return found
}

func write(t *testing.T, source Source, list string, format Format) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(t.Context(), &out, source, list, format); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
