package exports

import (
	"bytes"
	"encoding/json"
	"io"
	"time"
)

// jsonWriter writes a list as one array of objects, a name for each column. What was not asked has no name.
type jsonWriter struct {
	out      io.Writer
	table    *table
	location *time.Location
	buffer   bytes.Buffer
	begun    bool
}

func newJSON(w io.Writer, t *table, location *time.Location) *jsonWriter {
	return &jsonWriter{out: w, table: t, location: location}
}

func (j *jsonWriter) row(cells []cell) error {
	j.buffer.Reset()
	separator := ",\n{"
	if !j.begun {
		j.begun = true
		separator = "[\n{"
	}
	j.buffer.WriteString(separator)
	first := true
	for i, cell := range cells {
		value, asked := cell.forPrograms()
		if !asked || j.table.columns[i].shape == blank {
			continue
		}
		if !first {
			j.buffer.WriteByte(',')
		}
		first = false
		if err := j.put(j.table.columns[i].key); err != nil {
			return err
		}
		j.buffer.WriteByte(':')
		if err := j.put(value); err != nil {
			return err
		}
	}
	j.buffer.WriteByte('}')
	_, err := j.out.Write(j.buffer.Bytes())
	return err
}

func (j *jsonWriter) put(value any) error {
	encoder := json.NewEncoder(&j.buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	j.buffer.Truncate(j.buffer.Len() - 1) // the line end that Encode adds
	return nil
}

func (j *jsonWriter) close() error {
	end := "\n]\n"
	if !j.begun {
		end = "[]\n"
	}
	_, err := io.WriteString(j.out, end)
	return err
}
