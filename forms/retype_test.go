package forms_test

import (
	"strings"
	"testing"

	"guichet/forms"
	"guichet/schemas"
)

// absent is the answer to a question that was passed over.
type absent struct{}

// TestWhichChangesOfTypeAreRefused answers a question and publishes it with another type.
func TestWhichChangesOfTypeAreRefused(t *testing.T) {
	for _, test := range []struct {
		name, was, is string
		answer        any
		refused       bool
	}{
		{"text to number", `{"type":"string"}`, `{"type":"number"}`, "x", true},
		{"integer to number", `{"type":"integer"}`, `{"type":"number"}`, int64(1), true},
		{"text to date", `{"type":"string"}`, `{"type":"string","format":"date"}`, "x", false},
		{"text to choice of texts", `{"type":"string"}`, `{"enum":["x"]}`, "x", false},
		{"choice of integers to integer", `{"enum":[1,2]}`, `{"type":"integer"}`, int64(1), false},
		{"choice of integers to numbers", `{"enum":[1,2]}`, `{"enum":[1,2.5]}`, int64(1), true},
		{"choice of numbers to number", `{"enum":[1,2.5]}`, `{"type":"number"}`, int64(1), false},
		{"choice of texts to integers", `{"enum":["1"]}`, `{"enum":[1]}`, "1", true},
		{"one to several", `{"enum":["a","b"]}`, `{"type":"array","uniqueItems":true,"items":{"enum":["a","b"]}}`, "a", true},
		{"several texts to several integers", `{"type":"array","uniqueItems":true,"items":{"enum":["1"]}}`, `{"type":"array","uniqueItems":true,"items":{"enum":[1]}}`, []any{"1"}, true},
		{"object to text", `{"type":"object","properties":{"b":{"type":"string"}}}`, `{"type":"string"}`, map[string]any{"b": "x"}, true},
		{"null is no answer", `{"type":["string","null"]}`, `{"type":"integer"}`, nil, false},
		{"not answered", `{"type":"string"}`, `{"type":"integer"}`, absent{}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDesk(t)
			definition := func(field string) string {
				return `{"schema":{"properties":{"a":` + field + `,"z":{"type":"string"}}}}`
			}
			d.open("f", definition(test.was))
			answers := schemas.Answers{"a": test.answer, "z": "z"}
			if _, none := test.answer.(absent); none {
				delete(answers, "a")
			}
			d.mustSubmit(forms.Entry{Answers: answers})
			_, err := d.Publish(t.Context(), "f.json", "f", []byte(definition(test.is)))
			if !test.refused {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			refused := wantCode(t, err, forms.Conflict)
			if len(refused.Fields) != 1 || refused.Fields[0].Pointer != "/a" || !strings.Contains(refused.Fields[0].Message, "Donnez un autre nom") {
				t.Errorf("fields = %+v", refused.Fields)
			}
			if form, err := d.Form(t.Context(), "f"); err != nil || form.Version != 1 {
				t.Errorf("form = %+v, error %v; want version 1 still", form, err)
			}
		})
	}
}

// TestARenamedQuestionKeepsItsType continues a column under another name.
func TestARenamedQuestionKeepsItsType(t *testing.T) {
	d := newDesk(t)
	d.open("f", `{"schema":{"properties":{"courriel":{"type":"string"}}},"uiSchema":{"courriel":{"ui:options":{"id":"mail"}}}}`)
	d.mustSubmit(forms.Entry{Answers: schemas.Answers{"courriel": "a"}})
	renamed := func(kind string) []byte {
		return []byte(`{"schema":{"properties":{"email":{"type":"` + kind + `"}}},"uiSchema":{"email":{"ui:options":{"id":"mail"}}}}`)
	}
	_, err := d.Publish(t.Context(), "f.json", "f", renamed("integer"))
	if refused := wantCode(t, err, forms.Conflict); refused.Fields[0].Pointer != "/courriel" {
		t.Errorf("fields = %+v", refused.Fields)
	}
	if _, err := d.Publish(t.Context(), "f.json", "f", renamed("string")); err != nil {
		t.Error(err)
	}
}

// TestCancelledAnswersStillHaveTheirType: they are kept, and may be exported.
func TestCancelledAnswersStillHaveTheirType(t *testing.T) {
	d := newDesk(t)
	d.open("f", `{"schema":{"properties":{"a":{"type":"string"}}}}`)
	receipt := d.mustSubmit(forms.Entry{Answers: schemas.Answers{"a": "x"}})
	if _, err := d.Cancel(t.Context(), "f", receipt.Submission.ID); err != nil {
		t.Fatal(err)
	}
	_, err := d.Publish(t.Context(), "f.json", "f", []byte(`{"schema":{"properties":{"a":{"type":"integer"}}}}`))
	wantCode(t, err, forms.Conflict)
}
