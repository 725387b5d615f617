package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxDepth = 32
	maxWhole = 1 << 53 // beyond, a float64 cannot tell neighbours apart
)

// DecodeJSON reads one JSON object as answers. It refuses, with a message, what cannot be kept:
// depth over 32, numbers beyond 2^53, NUL in a string, invalid UTF-8, repeated property names.
func DecodeJSON(data []byte, language string) (Answers, []Violation) {
	refuse := func(pointer, code string, args ...any) (Answers, []Violation) {
		return nil, []Violation{{Pointer: pointer, Code: code, Message: say(code, language, args...)}}
	}
	if !utf8.Valid(data) {
		return refuse("", "utf8")
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	value, err := decodeValue(decoder, "", 0)
	if err == nil {
		if _, extra := decoder.Token(); extra != io.EOF {
			err = errors.New("there is more after the end")
		}
	}
	var bad *Violation
	switch {
	case errors.As(err, &bad):
		return refuse(bad.Pointer, bad.Code)
	case err != nil:
		return refuse("", "json", err.Error())
	}
	answers, ok := value.(map[string]any)
	if !ok {
		return refuse("", "object")
	}
	return answers, nil
}

// Error lets a Violation travel as an error inside this package.
func (v *Violation) Error() string { return fmt.Sprintf("%s: %s", v.Pointer, v.Code) }

func decodeValue(decoder *json.Decoder, pointer string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &Violation{Pointer: pointer, Code: "depth"}
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '[' {
			array := []any{}
			for decoder.More() {
				element, err := decodeValue(decoder, pointer+"/"+strconv.Itoa(len(array)), depth+1)
				if err != nil {
					return nil, err
				}
				array = append(array, element)
			}
			_, err = decoder.Token()
			return array, err
		}
		object := map[string]any{}
		for decoder.More() {
			key, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			name := key.(string)
			at := Join(pointer, name)
			if _, twice := object[name]; twice {
				return nil, &Violation{Pointer: at, Code: "twice"}
			}
			if strings.ContainsRune(name, 0) {
				return nil, &Violation{Pointer: at, Code: "nul"}
			}
			if object[name], err = decodeValue(decoder, at, depth+1); err != nil {
				return nil, err
			}
		}
		_, err = decoder.Token()
		return object, err
	case json.Number:
		number, fits := number64(token.String())
		if !fits {
			return nil, &Violation{Pointer: pointer, Code: "range"}
		}
		return number, nil
	case string:
		if strings.ContainsRune(token, 0) {
			return nil, &Violation{Pointer: pointer, Code: "nul"}
		}
	}
	return token, nil
}

// number64 reads the text of a number: an int64 where it is whole, else a float64. It does not fit beyond 2^53.
func number64(text string) (any, bool) {
	if whole, err := strconv.ParseInt(text, 10, 64); err == nil {
		return whole, whole >= -maxWhole && whole <= maxWhole
	}
	float, err := strconv.ParseFloat(text, 64)
	if err != nil || math.Abs(float) > maxWhole {
		return nil, false
	}
	if float == math.Trunc(float) {
		return int64(float), true
	}
	return float, true
}

// typed turns the numbers of a plain JSON value into int64 and float64.
func typed(value any) any {
	switch value := value.(type) {
	case json.Number:
		if number, fits := number64(value.String()); fits {
			return number
		}
	case map[string]any:
		for name, member := range value {
			value[name] = typed(member)
		}
	case []any:
		for i, element := range value {
			value[i] = typed(element)
		}
	}
	return value
}
