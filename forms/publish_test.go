package forms_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/forms"
	"guichet/schemas"
)

func TestPublishMakesImmutableVersions(t *testing.T) {
	d := newDesk(t)
	first, err := d.Publish(t.Context(), "Journée d'été 2019.json", "", []byte(workshops))
	if err != nil || first.Form.Slug != "journee-d-ete-2019" || first.Form.State != forms.Draft || first.Version.Number != 1 || !first.Changed {
		t.Fatalf("published = %+v, error %v", first, err)
	}
	same, err := d.Publish(t.Context(), "f.json", first.Form.Slug, []byte(workshops))
	if err != nil || same.Changed || same.Version.Number != 1 {
		t.Errorf("the same bytes again = %+v, error %v", same, err)
	}
	second, err := d.Publish(t.Context(), "f.json", first.Form.Slug, []byte(workshops+"\n"))
	if err != nil || second.Version.Number != 2 || second.Version.SHA256 == first.Version.SHA256 {
		t.Errorf("other bytes = %+v, error %v", second, err)
	}
	kept, err := d.Version(t.Context(), first.Form.Slug, 1)
	if err != nil || string(kept.Bytes) != workshops {
		t.Errorf("version 1 = %q, error %v", kept.Bytes, err)
	}
}

func TestPublishRefusesWhatIsNotHonouredYet(t *testing.T) {
	d := newDesk(t)
	for setting, pointer := range map[string]string{
		`"registration":{"waitingList":true}`: "/registration/waitingList", `"registration":{"onePer":"/nom"}`: "/registration/onePer", `"mail":{"replyTo":"a@exemple.fr"}`: "/mail",
	} {
		_, err := d.Publish(t.Context(), "f.json", "f", []byte(`{"schema":{"properties":{"nom":{"type":"string"}}},`+setting+`}`))
		var refused *forms.DefinitionError
		if !errors.As(err, &refused) || refused.Problems[0].Pointer != pointer || !strings.Contains(refused.Problems[0].Reason.EN, "yet") {
			t.Errorf("%s: error = %v, want a problem at %s", setting, err, pointer)
		}
	}
	if _, err := d.Form(t.Context(), "f"); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("error = %v; nothing may be published", err)
	}
}

func TestPublishRefusesSlugsThatAreNoAddress(t *testing.T) {
	d := newDesk(t)
	for _, slug := range []string{"Été", "a b", "-a", "a/b", strings.Repeat("a", 65), "../x"} {
		if _, err := d.Publish(t.Context(), "f.json", slug, []byte(workshops)); forms.CodeOf(err) != forms.Invalid {
			t.Errorf("%q: error = %v, want invalid", slug, err)
		}
	}
}

func TestPublishRefusesToRetypeAnsweredFields(t *testing.T) {
	text := `{"schema":{"properties":{"nom":{"type":"string"},"age":{"type":"string","title":"Âge"},"g":{"type":"array","items":{"type":"object","properties":{"x":{"type":"string"}}}}}}}`
	number := strings.Replace(text, `"age":{"type":"string"`, `"age":{"type":"integer"`, 1)
	nested := strings.Replace(text, `"x":{"type":"string"}`, `"x":{"type":"boolean"}`, 1)
	choice := strings.Replace(text, `"age":{"type":"string"`, `"age":{"type":"string","enum":["1","2"]`, 1)
	d := newDesk(t)
	d.open("f", text)
	publish := func(definition string) error {
		_, err := d.Publish(t.Context(), "f.json", "f", []byte(definition))
		return err
	}
	if err := publish(number); err != nil {
		t.Errorf("a type that nobody answered: %v", err)
	}
	if err := publish(text); err != nil {
		t.Fatal(err)
	}
	d.mustSubmit(forms.Entry{Answers: schemas.Answers{"age": "1", "g": []any{map[string]any{}, map[string]any{"x": "y"}}}})
	for definition, pointer := range map[string]string{number: "/age", nested: "/g/*/x"} {
		refused := wantCode(t, publish(definition), forms.Conflict)
		if len(refused.Fields) != 1 || refused.Fields[0].Pointer != pointer {
			t.Errorf("fields = %+v, want %s", refused.Fields, pointer)
		}
	}
	if err := publish(choice); err != nil {
		t.Errorf("choices of the same type: %v", err)
	}
	if err := publish(strings.Replace(number, `"age"`, `"years"`, 1)); err != nil {
		t.Errorf("the new question under another name: %v", err)
	}
	if err := publish(number); forms.CodeOf(err) != forms.Conflict {
		t.Errorf("error = %v; an answered pointer keeps its type when the question comes back", err)
	}
}

func TestEntriesPinTheVersionTheirPageShowed(t *testing.T) {
	d := newDesk(t)
	d.open("f", `{"schema":{"required":["a"],"properties":{"a":{"type":"string"}}}}`)
	d.open("f", `{"schema":{"required":["b"],"properties":{"b":{"type":"string"}}}}`)
	old := d.mustSubmit(forms.Entry{Version: 1, Answers: schemas.Answers{"a": "x"}})
	if old.Submission.Version != 1 || string(old.Submission.Answers) != `{"a":"x"}` {
		t.Errorf("submission = %+v", old.Submission)
	}
	if current := d.mustSubmit(forms.Entry{Answers: schemas.Answers{"b": "y"}}); current.Submission.Version != 2 {
		t.Errorf("version = %d, want 2", current.Submission.Version)
	}
	if _, err := d.submit(forms.Entry{Version: 3, Answers: schemas.Answers{"b": "y"}}); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("a version that does not exist: error = %v", err)
	}
}
