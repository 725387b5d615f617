// Package exports is what organisers take away: lists as columns and rows, in a workbook or a file.
package exports

import (
	"context"
	"fmt"
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
	Temporary   string // folder for what is too large for memory; "" is the system's
}

// Open prepares a form's export; only confirmed submissions are in it.
func Open(ctx context.Context, service *forms.Service, slug string, now time.Time) (Source, error) {
	form, err := service.Form(ctx, slug)
	if err != nil {
		return Source{}, err
	}
	source := Source{Form: form, Definitions: map[int]*schemas.Definition{}, Exported: now}
	for number := 1; number <= form.Version; number++ {
		if source.Definitions[number], err = service.Definition(ctx, slug, number); err != nil {
			return Source{}, err
		}
	}
	source.Submissions = service.Submissions(ctx, forms.Query{Form: slug, Statuses: []forms.Status{forms.Confirmed}})
	return source, nil
}

// current is the definition that names the lists and orders the columns.
func (s Source) current() *schemas.Definition { return s.Definitions[s.Form.Version] }

// Format is a kind of file.
type Format string

const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
	JSON Format = "json"
)

// MediaType gives the Content-Type of a format.
func (f Format) MediaType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	}
	return "application/json"
}

// sink takes the rows of one list.
type sink interface {
	row(cells []cell) error
}

// Write writes one list. A list that does not exist is not_found, said before anything is written.
func Write(ctx context.Context, w io.Writer, source Source, list string, format Format) error {
	chosen, err := source.table(list)
	if err != nil {
		return err
	}
	tables := []*table{chosen}
	switch format {
	case XLSX:
		return writeWorkbook(ctx, w, source, tables, limits)
	case CSV:
		out := newCSV(w, chosen)
		if err := source.pass(ctx, tables, []sink{out}); err != nil {
			return err
		}
		return out.close()
	case JSON:
		out := newJSON(w, chosen, source.current().Location())
		if err := source.pass(ctx, tables, []sink{out}); err != nil {
			return err
		}
		return out.close()
	}
	return &forms.Error{Code: forms.Invalid, Message: schemas.Wording{
		FR: fmt.Sprintf("Le format «\u00a0%s\u00a0» n’existe pas\u00a0: xlsx, csv ou json.", format), EN: fmt.Sprintf("There is no format “%s”: xlsx, csv or json.", format),
	}}
}

// Workbook writes every list, a sheet each, in one pass.
func Workbook(ctx context.Context, w io.Writer, source Source) error {
	return writeWorkbook(ctx, w, source, source.tables(), limits)
}

// pass gives every submission to every table, once.
func (s Source) pass(ctx context.Context, tables []*table, sinks []sink) error {
	for submission, err := range s.Submissions {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		entry, err := s.entry(submission)
		if err != nil {
			return err
		}
		for i, table := range tables {
			if err := table.each(entry, sinks[i].row); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}
