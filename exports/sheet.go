package exports

import (
	"archive/zip"
	"bufio"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/flate" // five times as fast as the standard library's for 3 % more bytes
	"github.com/xuri/excelize/v2"
)

const sampled = 100 // rows that are looked at before the widths of columns are fixed

// sheet writes one sheet's XML, already deflated, into a temporary file.
type sheet struct {
	name   string
	table  *table
	bounds bounds
	rows   int // of answers

	spool    *os.File
	deflated *bufio.Writer
	deflate  *flate.Writer
	sum      uint32
	size     uint64
	buffer   []byte

	sample  [][]cell // nil once the widths are fixed
	begun   bool
	letters []string
	widths  []int    // of the columns, in characters
	links   []string // addresses, in the order of their ids
	anchors []string // and their cells
}

func newSheet(name string, t *table, b bounds, temporary string) (*sheet, error) {
	spool, err := os.CreateTemp(temporary, "guichet-sheet-*")
	if err != nil {
		return nil, fmt.Errorf("no temporary file for a sheet: %w", err)
	}
	if err := os.Remove(spool.Name()); err != nil {
		return nil, err
	}
	s := &sheet{name: name, table: t, bounds: b, spool: spool, deflated: bufio.NewWriterSize(spool, 1<<16)}
	if s.deflate, err = flate.NewWriter(s.deflated, 5); err != nil {
		return nil, err
	}
	for i := range t.columns {
		letters, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return nil, err
		}
		s.letters = append(s.letters, letters)
	}
	return s, nil
}

// extent is the range of header and rows.
func (s *sheet) extent() string {
	return "A1:" + s.letters[len(s.letters)-1] + strconv.Itoa(s.rows+1)
}

func (s *sheet) row(cells []cell) error {
	s.rows++
	if s.begun {
		return s.write(s.rows+1, cells)
	}
	s.sample = append(s.sample, append([]cell(nil), cells...))
	if len(s.sample) < sampled {
		return nil
	}
	return s.begin()
}

// begin writes everything before the rows, then the sampled ones. There is no dimension element: its rows are not known yet, and
// readers that trust it would stop where it says.
func (s *sheet) begin() error {
	s.begun = true
	s.buffer = append(s.buffer, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`+
		`<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>`+
		`<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`...)
	for i := range s.table.columns {
		s.widths = append(s.widths, s.width(i))
		s.buffer = fmt.Appendf(s.buffer, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, s.widths[i])
	}
	s.buffer = append(s.buffer, `</cols><sheetData><row r="1">`...)
	for i, column := range s.table.columns {
		s.text(i, 1, styleHeader, column.header)
	}
	s.buffer = append(s.buffer, `</row>`...)
	for i, cells := range s.sample {
		if err := s.write(i+2, cells); err != nil {
			return err
		}
	}
	s.sample = nil
	return s.flush()
}

// width gives a column room for its header's longest word and for most of what it holds.
func (s *sheet) width(i int) int {
	column := s.table.columns[i]
	least, most := 6, 40
	switch column.shape {
	case long:
		least, most = 40, 60
	case moment:
		least = 17
	case day:
		least = 12
	case blank:
		return 30
	}
	for _, word := range strings.Fields(column.header) {
		least = max(least, min(utf8.RuneCountInString(word)+3, 24))
	}
	widest := min(utf8.RuneCountInString(column.header)+3, 24)
	for _, cells := range s.sample {
		for _, line := range strings.Split(text(cells[i].value, column.shape), "\n") {
			widest = max(widest, utf8.RuneCountInString(line)+2)
		}
	}
	return min(max(least, widest), most)
}

const (
	rowHeight  = 15 // points, of one line
	signHeight = 28 // room to sign
	mostLines  = 20 // of one row; more has to be read in the cell
)

// height gives a row room for its longest text: not every program fits rows to texts that wrap.
func (s *sheet) height(cells []cell) int {
	lines := 1
	for i, cell := range cells {
		text, isText := cell.value.(string)
		if !isText || s.table.columns[i].shape != long {
			continue
		}
		here := 0
		for line := range strings.SplitSeq(text, "\n") {
			here += 1 + utf8.RuneCountInString(line)/s.widths[i]
		}
		lines = max(lines, here)
	}
	height := rowHeight * min(lines, mostLines)
	if s.table.list.Spec.Signature {
		height = max(height, signHeight)
	}
	return height
}

// write writes one row.
func (s *sheet) write(row int, cells []cell) error {
	s.buffer = append(append(append(s.buffer, `<row r="`...), strconv.Itoa(row)...), '"')
	if height := s.height(cells); height > rowHeight {
		s.buffer = fmt.Appendf(s.buffer, ` ht="%d" customHeight="1"`, height)
	}
	s.buffer = append(s.buffer, '>')
	for i, cell := range cells {
		s.cell(i, row, cell)
	}
	s.buffer = append(s.buffer, `</row>`...)
	if len(s.buffer) < 1<<16 {
		return nil
	}
	return s.flush()
}

// flush deflates what is buffered.
func (s *sheet) flush() error {
	s.sum = crc32.Update(s.sum, crc32.IEEETable, s.buffer)
	s.size += uint64(len(s.buffer))
	_, err := s.deflate.Write(s.buffer)
	s.buffer = s.buffer[:0]
	return err
}

// end writes everything after the rows.
func (s *sheet) end() error {
	if !s.begun {
		if err := s.begin(); err != nil {
			return err
		}
	}
	s.buffer = append(s.buffer, `</sheetData><autoFilter ref="`+s.extent()+`"/>`...)
	if len(s.links) > 0 {
		s.buffer = append(s.buffer, `<hyperlinks>`...)
		for i, anchor := range s.anchors {
			s.buffer = fmt.Appendf(s.buffer, `<hyperlink ref="%s" r:id="rId%d"/>`, anchor, i+1)
		}
		s.buffer = append(s.buffer, `</hyperlinks>`...)
	}
	s.buffer = append(s.buffer, `<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>`+
		`<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>`+
		`<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>`...)
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.deflate.Close(); err != nil {
		return err
	}
	return s.deflated.Flush()
}

// copyTo puts the spool into the zip as it is, with its relations.
func (s *sheet) copyTo(out *zip.Writer, number int) error {
	length, err := s.spool.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := s.spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	part, err := out.CreateRaw(&zip.FileHeader{
		Name: fmt.Sprintf("xl/worksheets/sheet%d.xml", number), Method: zip.Deflate,
		CRC32: s.sum, CompressedSize64: uint64(length), UncompressedSize64: s.size,
	})
	if err == nil {
		_, err = io.Copy(part, s.spool)
	}
	if err != nil || len(s.links) == 0 {
		return err
	}
	relations, err := out.Create(fmt.Sprintf("xl/worksheets/_rels/sheet%d.xml.rels", number))
	if err != nil {
		return err
	}
	text := []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i, address := range s.links {
		text = fmt.Appendf(text, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" TargetMode="External" Target="`, i+1)
		text = append(appendXML(text, address), `"/>`...)
	}
	_, err = relations.Write(append(text, `</Relationships>`...))
	return err
}
