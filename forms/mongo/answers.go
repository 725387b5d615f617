package mongo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Names of properties may hold what MongoDB reads as an operator or a path.
var (
	escapeName   = strings.NewReplacer("%", "%25", ".", "%2E", "$", "%24", "\x00", "%00")
	unescapeName = strings.NewReplacer("%25", "%", "%2E", ".", "%24", "$", "%00", "\x00")
)

// toBSON reads canonical JSON as an ordered document: integers as int64, other numbers as doubles.
func toBSON(answers json.RawMessage) (bson.D, error) {
	decoder := json.NewDecoder(bytes.NewReader(answers))
	decoder.UseNumber()
	value, err := readValue(decoder)
	if err != nil {
		return nil, err
	}
	document, ok := value.(bson.D)
	if !ok {
		return nil, fmt.Errorf("answers are no object: %T", value)
	}
	return document, nil
}

func readValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Number:
		if whole, err := strconv.ParseInt(token.String(), 10, 64); err == nil {
			return whole, nil
		}
		return token.Float64()
	case json.Delim:
		if token == '[' {
			array := bson.A{}
			for decoder.More() {
				value, err := readValue(decoder)
				if err != nil {
					return nil, err
				}
				array = append(array, value)
			}
			_, err := decoder.Token()
			return array, err
		}
		document := bson.D{}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := readValue(decoder)
			if err != nil {
				return nil, err
			}
			document = append(document, bson.E{Key: escapeName.Replace(name.(string)), Value: value})
		}
		_, err := decoder.Token()
		return document, err
	}
	return token, nil
}

// appendValue writes a value as the canonical JSON that it came from.
func appendValue(out []byte, value bson.RawValue) ([]byte, error) {
	switch value.Type {
	case bson.TypeEmbeddedDocument, bson.TypeArray:
		elements, err := bson.Raw(value.Value).Elements()
		if err != nil {
			return nil, err
		}
		brackets := "{}"
		if value.Type == bson.TypeArray {
			brackets = "[]"
		}
		out = append(out, brackets[0])
		for i, element := range elements {
			if i > 0 {
				out = append(out, ',')
			}
			if value.Type == bson.TypeEmbeddedDocument {
				if out, err = appendJSON(out, unescapeName.Replace(element.Key())); err != nil {
					return nil, err
				}
				out = append(out, ':')
			}
			if out, err = appendValue(out, element.Value()); err != nil {
				return nil, err
			}
		}
		return append(out, brackets[1]), nil
	case bson.TypeString:
		return appendJSON(out, value.StringValue())
	case bson.TypeInt64:
		return strconv.AppendInt(out, value.Int64(), 10), nil
	case bson.TypeDouble:
		return appendJSON(out, value.Double())
	case bson.TypeBoolean:
		return strconv.AppendBool(out, value.Boolean()), nil
	case bson.TypeNull:
		return append(out, "null"...), nil
	}
	return nil, fmt.Errorf("answers hold a %s", value.Type)
}

func appendJSON(out []byte, value any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return append(out, bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))...), nil
}
