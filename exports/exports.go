// Package exports is what organisers take away: lists as columns and rows, in a workbook or a file.
package exports

import (
	"context"
	"io"
	"iter"
	"time"

	"guichet/forms"
	"guichet/schemas"
)

// Source is what an export is made of: one form, its definitions, one pass over one snapshot of its submissions.
type Source struct {
	Form        forms.Form
	Definitions map[int]*schemas.Definition // by version, up to Form.Version
	Submissions iter.Seq2[forms.Submission, error]
	Exported    time.Time
}

// Open prepares a form's export; only confirmed submissions are in it.
func Open(ctx context.Context, service *forms.Service, slug string, now time.Time) (Source, error) {
	panic("soon")
}

// Format is a kind of file.
type Format string

const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
	JSON Format = "json"
)

// List is one list of a form: a definition's list, or one choice of a list with Each.
type List struct {
	ID     string // "participants", "atelier:geo"
	Name   string
	Spec   schemas.List
	Choice *schemas.Choice // with Spec.Each only
}

// Lists gives the lists of a definition in its order: the two kinds a form always has where it defines none.
func Lists(definition *schemas.Definition) []List { panic("soon") }

// Write writes one list. A list that does not exist is not_found, said before anything is written.
func Write(ctx context.Context, w io.Writer, source Source, list string, format Format) error {
	panic("soon")
}

// Workbook writes every list, a sheet each, in one pass.
func Workbook(ctx context.Context, w io.Writer, source Source) error { panic("soon") }

// Exporter makes exports as complete files, at most max(1, CPUs/2) at once; the others wait.
type Exporter struct{}

// NewExporter keeps its temporary files in dir.
func NewExporter(dir string) *Exporter { panic("soon") }

// File runs write into a temporary file and gives it back complete, at its beginning; closing it removes it. An error
// of write comes back and leaves nothing behind.
func (e *Exporter) File(ctx context.Context, write func(context.Context, io.Writer) error) (File, error) {
	panic("soon")
}

// File is a complete export.
type File interface {
	io.ReadCloser
	Size() int64
}
