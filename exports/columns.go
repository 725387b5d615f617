package exports

import (
	"fmt"
	"slices"
	"strings"

	"guichet/schemas"
)

// column is one column of a list. Its header never depends on the answers.
type column struct {
	key     string // stable, for programs: "reference", the field's id, the field's id and a choice
	header  string
	context string // what tells it from another column with the same header
	shape   shape
	cell    func(*line) cell
}

// shape says how a column looks.
type shape int

const (
	plain shape = iota
	long        // text that wraps
	whole       // a number
	day
	moment
	link
	blank // to be signed by hand
)

func (t *table) participantColumns(s Source, current *schemas.Definition) {
	t.columns = append(t.columns, t.reference(), t.status())
	person := t.person(current)
	t.columns = append(t.columns, person...)
	for _, field := range s.union("") {
		if !slices.ContainsFunc(person, func(c column) bool { return c.key == field.ID }) {
			t.columns = append(t.columns, t.fieldColumns(s, field, "")...)
		}
	}
	t.columns = append(t.columns, t.created(), t.updated())
}

// itemColumns makes one row an item: its own answers first, then those of the item around it, then whose it is.
func (t *table) itemColumns(s Source, current *schemas.Definition) {
	item := current.Fields().Find(t.list.Spec.Rows)
	t.rows = item.ID
	t.columns = append(t.columns, t.reference())
	for _, field := range s.union(t.rows) {
		t.columns = append(t.columns, t.fieldColumns(s, field, t.rows)...)
	}
	for around := outer(item.Pointer); around != ""; around = outer(around) {
		parent := current.Fields().Find(around)
		group := current.Fields().Find(strings.TrimSuffix(around, "/*"))
		if len(parent.Fields) > 0 {
			title := t.fieldColumns(s, parent.Fields[0], parent.ID)
			for i := range title {
				title[i].context = group.Label
			}
			t.columns = append(t.columns, title...)
		}
	}
	if t.list.Spec.WithPerson || outer(item.Pointer) == "" {
		for _, c := range t.person(current) {
			c.context = t.words.submission
			t.columns = append(t.columns, c)
		}
	}
	t.columns = append(t.columns, t.created())
}

// outer gives the pointer of the items around the items at a pointer, "" where there are none.
func outer(pointer string) string {
	i := strings.LastIndex(strings.TrimSuffix(pointer, "/*"), "/*")
	if i < 0 {
		return ""
	}
	return pointer[:i+2]
}

// rosterColumns are for the door: who comes, in a shape that prints.
func (t *table) rosterColumns(current *schemas.Definition) {
	t.columns = append(t.columns, column{key: "number", header: t.words.number, shape: whole, cell: func(l *line) cell { return cell{value: int64(l.rank)} }})
	t.columns = append(t.columns, t.person(current)...)
	t.columns = append(t.columns, t.reference())
}

func (t *table) reference() column {
	return column{key: "reference", header: t.words.reference, cell: func(l *line) cell { return cell{value: l.submission.Reference} }}
}

func (t *table) status() column {
	return column{key: "status", header: t.words.status, cell: func(l *line) cell {
		return cell{value: t.words.statuses[l.submission.Status], plain: string(l.submission.Status)}
	}}
}

func (t *table) created() column {
	return column{key: "created", header: t.words.created, shape: moment, cell: func(l *line) cell { return cell{value: l.submission.Created.In(t.location)} }}
}

func (t *table) updated() column {
	return column{key: "updated", header: t.words.updated, shape: moment, cell: func(l *line) cell { return cell{value: l.submission.Updated.In(t.location)} }}
}

// person gives the columns that say who: family name first, as on every roster.
func (t *table) person(current *schemas.Definition) []column {
	var columns []column
	for _, pointer := range []string{current.Person.FamilyName, current.Person.GivenName, current.Person.Email, current.Person.Organisation} {
		if field := current.Fields().Find(pointer); pointer != "" && field != nil {
			columns = append(columns, t.fieldColumn(field, ""))
		}
	}
	return columns
}

// union gives the fields under an item (or at the top, "") over all versions: the current order first, then retired ones by
// version, latest first.
func (s Source) union(item string) []*schemas.Field {
	var fields []*schemas.Field
	seen := map[string]bool{}
	for number := s.Form.Version; number >= 1; number-- {
		top := s.Definitions[number].Fields()
		if item != "" {
			if top = byID(top, item); top == nil {
				continue
			}
		}
		for _, field := range leaves(top, nil) {
			if !seen[field.ID] {
				seen[field.ID] = true
				fields = append(fields, field)
			}
		}
	}
	return fields
}

func byID(root *schemas.Field, id string) *schemas.Field {
	var found *schemas.Field
	root.Walk(func(field *schemas.Field) bool {
		if field.ID == id {
			found = field
		}
		return found == nil
	})
	return found
}

// leaves gives the fields under a field that have a column: objects are looked into, groups are not.
func leaves(field *schemas.Field, found []*schemas.Field) []*schemas.Field {
	if field.Kind != schemas.Object {
		return append(found, field)
	}
	for _, child := range field.Fields {
		found = leaves(child, found)
	}
	return found
}

// fieldColumns gives the columns of a field under an item: one for each choice of a set, two for a group.
func (t *table) fieldColumns(s Source, field *schemas.Field, item string) []column {
	switch field.Kind {
	case schemas.Several:
		return t.choiceColumns(s, field, item)
	case schemas.Group:
		count := t.fieldColumn(field, item)
		count.key, count.shape = field.ID+"#", whole
		count.header = t.mark(s, field, field.Label)
		texts := count
		texts.key, texts.shape = field.ID, long
		if field.Item != nil { // nil where a definition contains itself too deeply
			texts.context = field.Item.Label
		}
		count.cell = func(l *line) cell { return l.summary(field.ID, item, true) }
		texts.cell = func(l *line) cell { return l.summary(field.ID, item, false) }
		return []column{count, texts}
	}
	c := t.fieldColumn(field, item)
	c.header = t.mark(s, field, c.header)
	return []column{c}
}

func (t *table) fieldColumn(field *schemas.Field, item string) column {
	c := column{key: field.ID, header: field.Label, cell: func(l *line) cell { return l.answer(field.ID, item) }}
	switch {
	case field.Format == "date":
		c.shape = day
	case field.Format == "date-time":
		c.shape = moment
	case field.Format == "uri" || field.Format == "url":
		c.shape = link
	case field.Kind == schemas.Integer || field.Kind == schemas.Number:
		c.shape = whole
	case field.Widget == "textarea" || field.MaxLength != nil && *field.MaxLength > 120:
		c.shape = long
	}
	return c
}

// choiceColumns gives one column for each choice that any version offered: those of the current version first.
func (t *table) choiceColumns(s Source, field *schemas.Field, item string) []column {
	var columns []column
	seen := map[string]bool{}
	for number := s.Form.Version; number >= 1; number-- {
		versioned := t.fields[number][field.ID]
		if versioned == nil {
			continue
		}
		for _, choice := range versioned.Choices {
			if seen[choice.Key] {
				continue
			}
			seen[choice.Key] = true
			header := field.Label + " : " + choice.Label
			if t.words.no == "No" {
				header = field.Label + ": " + choice.Label
			}
			if number < s.Form.Version && t.fields[s.Form.Version][field.ID] != nil {
				header = fmt.Sprintf("%s (%s)", header, t.words.retired)
			}
			columns = append(columns, column{key: field.ID + "=" + choice.Key, header: t.mark(s, field, header), cell: func(l *line) cell { return l.chosen(field.ID, item, choice.Key) }})
		}
	}
	return columns
}

// mark marks the header of a field that the current version does not ask any more.
func (t *table) mark(s Source, field *schemas.Field, header string) string {
	if t.fields[s.Form.Version][field.ID] == nil {
		return fmt.Sprintf("%s (%s)", header, t.words.retired)
	}
	return header
}
