package exports

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// bounds are what a sheet can hold. Tests make them small.
type bounds struct {
	rows  int // of answers on one sheet
	links int // on one sheet; beyond them an address is text
	units int // UTF-16 units in one cell
}

var limits = bounds{rows: 1_048_575, links: 65_529, units: 32_767}

// writeWorkbook writes a sheet for each table, in one pass over the submissions. excelize makes the workbook, its styles and
// properties; the rows are written beside it, each sheet deflated into a spool as they come, so that memory stays small.
func writeWorkbook(ctx context.Context, w io.Writer, source Source, tables []*table, b bounds) (err error) {
	book := &workbook{bounds: b, temporary: source.Temporary, names: map[string]bool{}}
	defer func() { err = errors.Join(err, book.discard()) }()
	sinks := make([]sink, len(tables))
	for i, table := range tables {
		sinks[i] = &sheets{book: book, table: table}
		if err := sinks[i].(*sheets).begin(); err != nil {
			return err
		}
	}
	if err := source.pass(ctx, tables, sinks); err != nil {
		return err
	}
	for _, s := range book.sheets {
		if err := s.end(); err != nil {
			return err
		}
	}
	return book.join(w, source)
}

type workbook struct {
	bounds
	temporary string
	sheets    []*sheet
	names     map[string]bool // in lower case
}

// sheets is the sink of one table: its sheet, and those that go on where it is full.
type sheets struct {
	book  *workbook
	table *table
	sheet *sheet
	count int
}

func (s *sheets) begin() error {
	s.count++
	name := s.table.list.Name
	if s.count > 1 {
		name = fmt.Sprintf("%s (%s %d)", name, s.table.words.next, s.count)
	}
	next, err := newSheet(s.book.name(name), s.table, s.book.bounds, s.book.temporary)
	if err != nil {
		return err
	}
	s.sheet = next
	s.book.sheets = append(s.book.sheets, next)
	return nil
}

func (s *sheets) row(cells []cell) error {
	if s.sheet.rows == s.book.rows {
		if err := s.begin(); err != nil {
			return err
		}
	}
	return s.sheet.row(cells)
}

// name makes a name that a sheet may have: 31 units, without []:*?/\, without an apostrophe at its ends, unlike others whatever
// the case, and not "History", which Excel keeps for itself.
func (b *workbook) name(wanted string) string {
	legal := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(wanted, "\uFFFD"))
	legal = strings.Trim(strings.Join(strings.Fields(legal), " "), "'")
	if legal == "" || strings.EqualFold(legal, "history") {
		legal += "_"
	}
	name := cutUnits(legal, 31)
	for n := 2; b.names[strings.ToLower(name)]; n++ {
		suffix := " " + strconv.Itoa(n)
		name = cutUnits(legal, 31-len(suffix)) + suffix
	}
	b.names[strings.ToLower(name)] = true
	return name
}

// cutUnits cuts a text to so many UTF-16 units, between characters.
func cutUnits(text string, units int) string {
	for i, r := range text {
		size := 1
		if r > 0xffff {
			size = 2
		}
		if units -= size; units < 0 {
			return strings.TrimRight(text[:i], " '")
		}
	}
	return text
}

// join writes the file: the parts that excelize makes of a workbook with empty sheets, then the sheets.
func (b *workbook) join(w io.Writer, source Source) error {
	frame, err := b.frame(source)
	if err != nil {
		return err
	}
	out := zip.NewWriter(w)
	for _, part := range frame.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			continue
		}
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	for i, s := range b.sheets {
		if err := s.copyTo(out, i+1); err != nil {
			return err
		}
	}
	return out.Close()
}

// frame makes everything but the sheets.
func (b *workbook) frame(source Source) (*zip.Reader, error) {
	file := excelize.NewFile()
	defer file.Close()
	for i, s := range b.sheets {
		if i == 0 {
			if err := file.SetSheetName("Sheet1", s.name); err != nil {
				return nil, err
			}
		} else if _, err := file.NewSheet(s.name); err != nil {
			return nil, err
		}
		if err := file.AutoFilter(s.name, s.extent(), nil); err != nil { // for the hidden name that Excel wants beside the filter
			return nil, err
		}
		quoted := "'" + strings.ReplaceAll(s.name, "'", "''") + "'"
		title := &excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: quoted + "!$1:$1", Scope: s.name}
		if err := file.SetDefinedName(title); err != nil {
			return nil, err
		}
	}
	if err := makeStyles(file); err != nil {
		return nil, err
	}
	stamp := source.Exported.UTC().Format(time.RFC3339)
	properties := &excelize.DocProperties{Title: source.current().Title, Creator: "Guichet", Created: stamp, Modified: stamp, Language: source.current().Language}
	if err := file.SetDocProps(properties); err != nil {
		return nil, err
	}
	var buffer bytes.Buffer
	if err := file.Write(&buffer); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()))
}

func (b *workbook) discard() error {
	var errs []error
	for _, s := range b.sheets {
		errs = append(errs, s.spool.Close())
	}
	return errors.Join(errs...)
}

// The styles of cells, by the index that excelize gives them; 0 is the default.
const (
	styleHeader = iota + 1
	styleText
	styleLong
	styleNumber
	styleDay
	styleMoment
	styleLink
	styleMuted
	styleBlank
)

func makeStyles(file *excelize.File) error {
	top := &excelize.Alignment{Vertical: "top"}
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	line := []excelize.Border{{Type: "bottom", Color: "808080", Style: 1}}
	dayFormat, momentFormat, textFormat := "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "@"
	for i, style := range []*excelize.Style{
		styleHeader - 1: {Font: &excelize.Font{Family: "Calibri", Size: 11, Bold: true, Color: "FFFFFF"}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"0A4F4C"}}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}},
		styleText - 1:   {Alignment: top, CustomNumFmt: &textFormat},
		styleLong - 1:   {Alignment: wrap, CustomNumFmt: &textFormat},
		styleNumber - 1: {Alignment: top},
		styleDay - 1:    {Alignment: top, CustomNumFmt: &dayFormat},
		styleMoment - 1: {Alignment: top, CustomNumFmt: &momentFormat},
		styleLink - 1:   {Alignment: top, Font: &excelize.Font{Family: "Calibri", Size: 11, Color: "0B5D5A", Underline: "single"}},
		styleMuted - 1:  {Alignment: top, Font: &excelize.Font{Family: "Calibri", Size: 11, Color: "707070", Italic: true}},
		styleBlank - 1:  {Alignment: top, Border: line},
	} {
		index, err := file.NewStyle(style)
		if err != nil {
			return err
		}
		if index != i+1 {
			return fmt.Errorf("style %d got the index %d", i+1, index)
		}
	}
	return nil
}
