package schemas

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Encode writes a value as JSON, names sorted.
func Encode(value any) []byte { return appendAnswers(nil, nil, value) }

// appendAnswers writes answers as canonical JSON: properties in the order of the static tree, those it does not know
// after them by name.
func appendAnswers(out []byte, field *Field, value any) []byte {
	switch value := value.(type) {
	case map[string]any:
		out = append(out, '{')
		first := true
		member := func(name string, child *Field, v any) {
			if !first {
				out = append(out, ',')
			}
			first = false
			out = append(appendString(out, name), ':')
			out = appendAnswers(out, child, v)
		}
		known := 0
		if field != nil {
			for _, child := range field.Fields {
				if v, present := value[child.Name]; present {
					member(child.Name, child, v)
					known++
				}
			}
		}
		if known < len(value) {
			for _, name := range slices.Sorted(maps.Keys(value)) {
				if field.child(name) == nil {
					member(name, nil, value[name])
				}
			}
		}
		return append(out, '}')
	case []any:
		var item *Field
		if field != nil {
			item = field.Item
		}
		out = append(out, '[')
		for i, element := range value {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendAnswers(out, item, element)
		}
		return append(out, ']')
	}
	return appendValue(out, value)
}

// appendValue writes a value that is not a container, byte for byte as encoding/json does without HTML escaping.
func appendValue(out []byte, value any) []byte {
	switch value := value.(type) {
	case nil:
		return append(out, "null"...)
	case bool:
		return strconv.AppendBool(out, value)
	case int64:
		return strconv.AppendInt(out, value, 10)
	case string:
		return appendString(out, value)
	}
	return appendJSON(out, value)
}

func appendString(out []byte, s string) []byte {
	for i := range len(s) {
		// U+2028 and U+2029 begin with 0xE2 and are escaped; the slow way judges.
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == 0x7f || c == 0xe2 {
			return appendJSON(out, s)
		}
	}
	if !utf8.ValidString(s) {
		return appendJSON(out, s)
	}
	return append(append(append(out, '"'), s...), '"')
}

func appendJSON(out []byte, value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return append(out, "null"...) // only NaN and infinities, which no answer holds
	}
	return append(out, bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))...)
}
