package schemas

import (
	"maps"
	"slices"
	"strings"
)

// DecodeForm types what a web form posted: names are JSON Pointers, other names are passed over. What cannot be typed
// stays a string, so that Accept says what is wrong with it and a page shows it again. shown holds the pointers of the
// fields that the page showed: an unchecked box among them is false. A blank control is absent, or null where it is
// required and nullable. Items of groups that were left wholly blank are removed.
func (d *Definition) DecodeForm(values map[string][]string, shown []string) Answers {
	answers := d.DecodeDraft(values, shown)
	withoutBlanks(answers, d.fields)
	return answers
}

// DecodeDraft is DecodeForm with the blank items kept, for a page that is shown again with an item more or less.
func (d *Definition) DecodeDraft(values map[string][]string, shown []string) Answers {
	form := &webForm{root: &branch{}}
	for _, pointer := range shown {
		form.add(pointer, nil)
	}
	for pointer, texts := range values {
		if strings.HasPrefix(pointer, "/") {
			form.add(pointer, texts)
		}
	}
	answers, _ := form.root.value(d.fields).(map[string]any)
	if answers == nil {
		answers = Answers{}
	}
	return answers
}

// webForm is what was posted, as a tree by the tokens of its names.
type webForm struct{ root *branch }

type branch struct {
	under map[string]*branch
	texts []string // what was typed or chosen; nil where the control was only shown
}

func (f *webForm) add(pointer string, texts []string) {
	tokens, ok := Tokens(pointer)
	if !ok || len(tokens) > maxDepth {
		return
	}
	at := f.root
	for _, token := range tokens {
		if at.under == nil {
			at.under = map[string]*branch{}
		}
		next := at.under[token]
		if next == nil {
			next = &branch{}
			at.under[token] = next
		}
		at = next
	}
	if texts != nil {
		at.texts = texts
	}
}

// absent is the value of a blank control.
type absent struct{}

// value types a branch as its field says; a field that is not known keeps strings.
func (b *branch) value(field *Field) any {
	switch {
	case field != nil && field.Kind == Group:
		return b.items(field)
	case field != nil && field.Kind == Several:
		return several(field, b.texts)
	case b.under != nil && (field == nil || field.Kind == Object):
		object := map[string]any{}
		for name, sub := range b.under {
			if v := sub.value(field.child(name)); v != (absent{}) {
				object[name] = v
			}
		}
		return object
	}
	return scalar(field, b.texts)
}

// items gives the elements of a group in the order of their indexes, whatever numbers those are.
func (b *branch) items(field *Field) any {
	byIndex := map[int]*branch{}
	for token, sub := range b.under {
		if i, ok := index(token); ok {
			byIndex[i] = sub
		}
	}
	array := []any{}
	for _, i := range slices.Sorted(maps.Keys(byIndex)) {
		v := byIndex[i].value(field.Item)
		if v == (absent{}) {
			v = nil
			if field.Item != nil && field.Item.Kind == Object {
				v = map[string]any{}
			}
		}
		array = append(array, v)
	}
	if len(array) == 0 && !field.Required {
		return absent{}
	}
	return array
}

func several(field *Field, texts []string) any {
	chosen := []any{}
	for _, text := range texts {
		if text != "" {
			chosen = append(chosen, choiceValue(field, text))
		}
	}
	if len(chosen) == 0 && !field.Required {
		return absent{}
	}
	return chosen
}

// scalar types the text of one control.
func scalar(field *Field, texts []string) any {
	text := ""
	if len(texts) > 0 {
		text = texts[len(texts)-1]
	}
	if field == nil {
		if text == "" {
			return absent{}
		}
		return text
	}
	if field.Kind == Text {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	text = strings.TrimSpace(text)
	if text == "" {
		switch {
		case field.Kind == Boolean && field.Checkbox():
			return false
		case field.Required && field.Nullable:
			return nil
		}
		return absent{}
	}
	switch field.Kind {
	case Choose:
		return choiceValue(field, text)
	case Boolean:
		switch text {
		case "true", "on":
			return true
		case "false":
			return false
		}
	case Integer, Number:
		if number, fits := number64(plainNumber(text)); fits {
			return number
		}
	}
	return text
}

// plainNumber turns a number as French people type it, "1 234,5", into JSON's way.
func plainNumber(text string) string {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(text)
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	return strings.TrimPrefix(text, "+")
}

func choiceValue(field *Field, text string) any {
	for _, choice := range field.Choices {
		if choice.Key == text {
			return choice.Value
		}
	}
	return text
}

// Checkbox says whether a Boolean is asked by one box, whose blank means no, rather than by Oui and Non.
func (field *Field) Checkbox() bool {
	return field.Widget != "radio" && field.Widget != "select"
}

// withoutBlanks removes blank items from the groups under a value and says whether what is left is blank.
func withoutBlanks(value any, field *Field) (blank bool) {
	switch value := value.(type) {
	case nil:
		return true
	case bool:
		return !value // an unchecked box is no answer by itself
	case map[string]any:
		blank = true
		for name, member := range value {
			child := field.child(name)
			if array, ok := member.([]any); ok && child != nil && child.Kind == Group {
				array = slices.DeleteFunc(array, func(item any) bool { return withoutBlanks(item, child.Item) })
				value[name] = array
				if len(array) == 0 && !child.Required {
					delete(value, name)
				}
				blank = blank && len(array) == 0
				continue
			}
			blank = withoutBlanks(member, child) && blank
		}
		return blank
	case []any:
		return len(value) == 0
	}
	return false
}
