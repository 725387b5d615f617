package exports

import (
	"fmt"
	"strings"
	"time"

	"guichet/schemas"
)

// table is a list with its columns.
type table struct {
	list     List
	columns  []column
	fields   map[int]map[string]*schemas.Field // by version, then id
	selects  func(*entry) bool
	rows     string // id of the items that rows are made of; "" for one row a submission
	words    words
	location *time.Location
	counted  int
}

func (s Source) newTable(list List) *table {
	current := s.current()
	t := &table{list: list, fields: map[int]map[string]*schemas.Field{}, words: wordsOf(current.Language), location: current.Location()}
	for number, definition := range s.Definitions {
		byID := map[string]*schemas.Field{}
		definition.Fields().Walk(func(field *schemas.Field) bool { byID[field.ID] = field; return true })
		t.fields[number] = byID
	}
	t.selects = func(e *entry) bool { return current.Selects(list.Spec, e.answers) && t.chose(e) }
	switch {
	case list.Spec.Rows != "":
		t.itemColumns(s, current)
	case list.Spec.Signature || list.Spec.Each != "":
		t.rosterColumns(current)
	default:
		t.participantColumns(s, current)
	}
	if len(list.Spec.Columns) > 0 {
		t.choose(list.Spec.Columns)
	}
	if list.Spec.Signature {
		t.columns = append(t.columns, column{key: "signature", header: t.words.signature, shape: blank, cell: func(*line) cell { return cell{} }})
	}
	t.tellApart()
	return t
}

// choose keeps the columns of these keys or fields, in this order.
func (t *table) choose(keys []string) {
	var chosen []column
	for _, key := range keys {
		for _, column := range t.columns {
			if column.key == key || strings.HasPrefix(column.key, key+"=") {
				chosen = append(chosen, column)
			}
		}
	}
	t.columns = chosen
}

// tellApart makes headers unique: by their context, else by a number.
func (t *table) tellApart() {
	taken := map[string]bool{}
	for i := range t.columns {
		c := &t.columns[i]
		header := c.header
		if taken[header] && c.context != "" {
			header = fmt.Sprintf("%s (%s)", c.header, c.context)
		}
		for n := 2; taken[header]; n++ {
			header = fmt.Sprintf("%s %d", c.header, n)
		}
		taken[header] = true
		c.header = header
	}
}
