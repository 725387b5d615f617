package schemas_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"guichet/schemas"
)

func TestStartersAreWhole(t *testing.T) {
	for _, name := range schemas.StarterNames() {
		data, err := schemas.Starter(name)
		if err != nil {
			t.Fatal(err)
		}
		definition, problems := schemas.Parse(name, data)
		if definition == nil || len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		if p := definition.Privacy; p == nil || p.Controller == "" || p.Purpose == "" || p.LegalBasis == "" || p.Recipients == "" || p.Retention == "" || p.Contact == "" {
			t.Errorf("%s: the privacy block is not whole: %+v", name, p)
		}
	}
}

// TestStartersAreTranslated wants every text that people see in English too, and nothing else.
func TestStartersAreTranslated(t *testing.T) {
	for _, name := range schemas.StarterNames() {
		data, _ := schemas.Starter(name)
		var document map[string]any
		if err := json.Unmarshal(data, &document); err != nil {
			t.Fatal(err)
		}
		english := document["translations"].(map[string]any)["en"].(map[string]any)
		delete(document, "translations")
		visible(document, "", func(pointer string) {
			if english[pointer] == nil {
				t.Errorf("%s: %s has no English text", name, pointer)
			}
			delete(english, pointer)
		})
		for pointer := range english {
			t.Errorf("%s: %s is translated and nobody sees it", name, pointer)
		}
	}
}

// visible visits the pointers of the texts that people see.
func visible(value any, pointer string, visit func(string)) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			at := schemas.Join(pointer, name)
			_, isText := member.(string)
			switch name {
			case "title", "description", "summary", "name", "organiser", "ui:help", "addLabel", "removeLabel", "submitText", "controller", "purpose", "legalBasis", "recipients":
				if isText && !strings.HasSuffix(pointer, "/properties") {
					visit(at)
				}
			}
			visible(member, at, visit)
		}
	case []any:
		for i, item := range value {
			visible(item, schemas.Join(pointer, strconv.Itoa(i)), visit)
		}
	}
}
