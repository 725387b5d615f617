package exports

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"guichet/forms"
	"guichet/schemas"
)

// cell is one value of a row: nil, a string, int64, float64, bool or time.Time.
type cell struct {
	value any
	plain any  // for programs, where it is not value
	muted bool // value stands for an answer that was never asked for
}

// forPrograms gives the value as JSON has it; there is none where the question was not asked.
func (c cell) forPrograms() (any, bool) {
	if c.plain != nil {
		return c.plain, true
	}
	return c.value, !c.muted
}

// entry is a submission with its answers read.
type entry struct {
	submission forms.Submission
	answers    schemas.Answers
}

func (s Source) entry(submission forms.Submission) (*entry, error) {
	answers, violations := schemas.DecodeJSON(submission.Answers, "en")
	if violations != nil {
		return nil, fmt.Errorf("answers of %s are unreadable: %s", submission.ID, violations[0].Message)
	}
	return &entry{submission, answers}, nil
}

// line is what one row is made from.
type line struct {
	*entry
	table *table
	at    []place // the items it is about, outermost first
	rank  int     // of the row in its list, from 1
}

// place is an item of a group: the id of its field and its value.
type place struct {
	id    string
	value any
}

// each gives the rows of an entry.
func (t *table) each(e *entry, row func([]cell) error) error {
	if !t.selects(e) {
		return nil
	}
	write := func(at []place) error {
		t.counted++
		l := &line{entry: e, table: t, at: at, rank: t.counted}
		cells := make([]cell, len(t.columns))
		for i, column := range t.columns {
			cells[i] = column.cell(l)
		}
		return row(cells)
	}
	if t.rows == "" {
		return write(nil)
	}
	field := t.fields[e.submission.Version][t.rows]
	if field == nil {
		return nil
	}
	tokens, _ := schemas.Tokens(field.Pointer)
	return t.items(e.submission.Version, e.answers, "", tokens, nil, write)
}

// items walks down to the items at a pattern and gives each with those around it.
func (t *table) items(version int, value any, above string, tokens []string, at []place, write func([]place) error) error {
	if len(tokens) == 0 {
		return write(at)
	}
	pointer := above + "/*"
	if tokens[0] != "*" {
		pointer = schemas.Join(above, tokens[0])
		member, _ := value.(map[string]any)
		return t.items(version, member[tokens[0]], pointer, tokens[1:], at, write)
	}
	array, _ := value.([]any)
	id := t.idAt(version, pointer)
	for _, item := range array {
		if err := t.items(version, item, pointer, tokens[1:], append(slices.Clone(at), place{id, item}), write); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) idAt(version int, pointer string) string {
	for id, field := range t.fields[version] {
		if field.Pointer == pointer {
			return id
		}
	}
	return pointer
}

// chose says whether an entry chose what a list with each is about.
func (t *table) chose(e *entry) bool {
	if t.list.Choice == nil {
		return true
	}
	l := &line{entry: e, table: t}
	field, value, _ := l.find(t.list.Spec.Each, "")
	return field != nil && holds(value, t.list.Choice.Value)
}

func holds(value, choice any) bool {
	if set, ok := value.([]any); ok {
		return slices.Contains(set, choice)
	}
	return value == choice
}

// find gives a field of the submission's version and its answer, under an item or at the top ("").
func (l *line) find(id, item string) (field *schemas.Field, value any, there bool) {
	field = l.table.fields[l.submission.Version][id]
	if field == nil {
		return nil, nil, false
	}
	if item == "" {
		value, there = schemas.Get(l.answers, field.Pointer)
		return field, value, there
	}
	for _, at := range l.at {
		if at.id == item {
			under := l.table.fields[l.submission.Version][item]
			value, there = schemas.Get(at.value, strings.TrimPrefix(field.Pointer, under.Pointer))
			return field, value, there
		}
	}
	return field, nil, false
}

// answer gives the cell of a field.
func (l *line) answer(id, item string) cell {
	field, value, there := l.find(id, item)
	if field == nil {
		return cell{value: l.table.words.notAsked, muted: true}
	}
	if !there || value == nil {
		return cell{}
	}
	switch value := value.(type) {
	case bool:
		if len(field.Choices) == 0 {
			return cell{value: l.table.yesNo(value), plain: value}
		}
	case string:
		if shown := l.table.timed(field, value); shown != nil {
			return cell{value: shown, plain: value}
		}
	case []any, map[string]any:
		return cell{value: string(schemas.Encode(value)), plain: value}
	}
	for _, choice := range field.Choices {
		if choice.Value == value {
			if _, isText := value.(string); isText {
				return cell{value: choice.Label, plain: value}
			}
		}
	}
	return cell{value: value}
}

// timed gives the time that a text of a date format is, nil for others.
func (t *table) timed(field *schemas.Field, text string) any {
	switch field.Format {
	case "date":
		if day, err := time.ParseInLocation("2006-01-02", text, t.location); err == nil {
			return day
		}
	case "date-time":
		if moment, err := time.Parse(time.RFC3339, text); err == nil {
			return moment.In(t.location)
		}
	}
	return nil
}

// chosen gives yes or no: is this choice among those of a set?
func (l *line) chosen(id, item, key string) cell {
	field, value, _ := l.find(id, item)
	if field == nil {
		return cell{value: l.table.words.notAsked, muted: true}
	}
	choice := field.Choice(key)
	if choice == nil {
		return cell{value: l.table.words.notAsked, muted: true}
	}
	yes := holds(value, choice.Value)
	return cell{value: l.table.yesNo(yes), plain: yes}
}

func (t *table) yesNo(yes bool) string {
	if yes {
		return t.words.yes
	}
	return t.words.no
}

// summary tells of a group in one cell: how many items, or their titles, one a line.
func (l *line) summary(id, item string, count bool) cell {
	field, value, _ := l.find(id, item)
	if field == nil {
		return cell{value: l.table.words.notAsked, muted: true}
	}
	array, _ := value.([]any)
	if count {
		return cell{value: int64(len(array))}
	}
	var titles []string
	for _, element := range array {
		titles = append(titles, title(field.Item, element))
	}
	if len(titles) == 0 {
		return cell{plain: []any{}}
	}
	return cell{value: strings.Join(titles, "\n"), plain: array}
}

// title names an item by its first short text, or its first two where both are short, as given and family name are.
func title(item *schemas.Field, value any) string {
	if item == nil || item.Kind != schemas.Object {
		return fmt.Sprint(value)
	}
	var parts []string
	for i, field := range item.Fields {
		if field.Kind != schemas.Text || field.Format != "" || field.Widget == "textarea" || i > 1 {
			break
		}
		if text, there := schemas.Get(value, strings.TrimPrefix(field.Pointer, item.Pointer)); there {
			parts = append(parts, fmt.Sprint(text))
		}
	}
	return strings.Join(parts, " ")
}
