package schemas

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Accepted is an answer that a definition accepts.
type Accepted struct {
	Answers Answers
	JSON    []byte   // canonical: properties in the definition's order
	Ignored []string // pointers that no branch describes and that were dropped
}

// Accept prunes, checks and drops: the one path that answers take. It changes the answers it is given.
// Violations are in display order.
func (d *Definition) Accept(answers Answers) (Accepted, []Violation) {
	if bad := unkeepable(answers, "", 0); bad != nil {
		bad.Message = say(bad.Code, d.Language)
		if field := d.fields.Find(bad.Pointer); field != nil {
			bad.Label = field.Label
		}
		return Accepted{}, []Violation{*bad}
	}
	d.prune(answers)
	if violations := d.check(answers); len(violations) > 0 {
		return Accepted{}, violations
	}
	ignored := d.drop(answers)
	return Accepted{Answers: answers, JSON: appendAnswers(nil, d.fields, answers), Ignored: ignored}, nil
}

// unkeepable finds what no store keeps: NUL, invalid UTF-8, too much depth.
func unkeepable(value any, pointer string, depth int) *Violation {
	if depth > maxDepth {
		return &Violation{Pointer: pointer, Code: "depth"}
	}
	switch value := value.(type) {
	case string:
		return badText(value, pointer)
	case map[string]any:
		for name, member := range value {
			if bad := badText(name, pointer); bad != nil {
				return bad
			}
			if bad := unkeepable(member, Join(pointer, name), depth+1); bad != nil {
				return bad
			}
		}
	case []any:
		for i, element := range value {
			if bad := unkeepable(element, pointer+"/"+strconv.Itoa(i), depth+1); bad != nil {
				return bad
			}
		}
	}
	return nil
}

func badText(text, pointer string) *Violation {
	switch {
	case strings.IndexByte(text, 0) >= 0:
		return &Violation{Pointer: pointer, Code: "nul"}
	case !utf8.ValidString(text):
		return &Violation{Pointer: pointer, Code: "utf8"}
	}
	return nil
}
