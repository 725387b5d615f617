package server

import (
	"strconv"
	"strings"

	"guichet/schemas"
)

// group draws the items there are, and as many blank ones as are needed.
func (d *drawing) group(q *question, field *schemas.Field) {
	q.Control = "group"
	q.RemoveAction = d.action + "#" + q.ID
	items := field.Items
	least := 0
	if field.Required {
		least = 1
	}
	if field.MinItems != nil {
		least = max(least, *field.MinItems)
	}
	for len(items) < min(least, 20) && field.Item != nil {
		items = append(items, at(field.Item, field.Pointer+"/*", field.Pointer+"/"+strconv.Itoa(len(items))))
	}
	for i, one := range items {
		number := strconv.Itoa(i + 1)
		label := one.Label
		if label == one.Name {
			label = field.Label
		}
		drawn := item{ID: elementID(one.Pointer), Pointer: one.Pointer, Title: label + " " + number, Remove: d.say("remove"), RemoveWhat: strings.ToLower(label) + " " + number}
		if field.RemoveLabel != "" {
			first, rest, _ := strings.Cut(field.RemoveLabel, " ")
			drawn.Remove, drawn.RemoveWhat = first, rest+" "+number
		}
		if one.Kind == schemas.Object {
			d.target[one.Pointer] = drawn.ID + "-title"
			drawn.Questions = d.questions(one.Fields)
		} else {
			only := d.question(one)
			only.Label, only.Mark, only.HideLabel = drawn.Title, "", true // the item's title says it
			drawn.Questions = []question{only}
			drawn.ID += "-item"
		}
		q.Items = append(q.Items, drawn)
	}
	if field.Item != nil && (field.MaxItems == nil || len(items) < *field.MaxItems) {
		q.AddAction = d.action + "#" + elementID(field.Pointer+"/"+strconv.Itoa(len(items))) + "-title"
		q.Add = field.AddLabel
		if q.Add == "" {
			q.Add = d.say("add") + d.say("colon") + field.Label
		}
	}
	if field.MaxItems != nil {
		q.Limit = sayf(d.definition.Language, "%d au plus.", "%d at most.", *field.MaxItems)
	}
}

// at gives a blank item at the place of an index.
func at(field *schemas.Field, from, to string) *schemas.Field {
	moved := *field
	moved.Pointer = to + strings.TrimPrefix(field.Pointer, from)
	if field.Pointer == from {
		moved.Name = to[strings.LastIndex(to, "/")+1:]
	}
	moved.Fields = make([]*schemas.Field, len(field.Fields))
	for i, child := range field.Fields {
		moved.Fields[i] = at(child, from, to)
	}
	if field.Item != nil {
		moved.Item = at(field.Item, from, to)
	}
	return &moved
}
