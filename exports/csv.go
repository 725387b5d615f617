package exports

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// csvWriter writes a list for a spreadsheet: UTF-8 with a byte order mark, semicolons, as French Excel opens it.
type csvWriter struct {
	out    *csv.Writer
	table  *table
	record []string
}

func newCSV(w io.Writer, t *table) *csvWriter {
	_, _ = io.WriteString(w, "\ufeff") // an error shows again at the next write
	out := csv.NewWriter(w)
	out.Comma = ';'
	out.UseCRLF = true
	c := &csvWriter{out: out, table: t, record: make([]string, len(t.columns))}
	for i, column := range t.columns {
		c.record[i] = harmless(column.header)
	}
	_ = out.Write(c.record)
	return c
}

func (c *csvWriter) row(cells []cell) error {
	for i, cell := range cells {
		c.record[i] = text(cell.value, c.table.columns[i].shape)
	}
	return c.out.Write(c.record)
}

func (c *csvWriter) close() error {
	c.out.Flush()
	return c.out.Error()
}

// text writes a value for a cell of text. Only what someone typed can be taken for a formula.
func text(value any, s shape) string {
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return harmless(value)
	case int64:
		return strconv.FormatInt(value, 10)
	case float64:
		return strings.Replace(strconv.FormatFloat(value, 'f', -1, 64), ".", ",", 1)
	case time.Time:
		if s == day {
			return value.Format("2006-01-02")
		}
		return value.Format("2006-01-02 15:04:05")
	}
	return harmless(fmt.Sprint(value))
}

// harmless puts an apostrophe before what a spreadsheet would compute. Nothing is taken away: +33 6 keeps its plus.
func harmless(text string) string {
	if text == "" {
		return text
	}
	for _, starter := range []string{"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(text, starter) {
			return "'" + text
		}
	}
	return text
}
