package schemas_test

import (
	"os"
	"strings"
	"testing"

	"guichet/schemas"
)

// TestExamplesOfTheDocumentationAreRight parses every block of JSON that the documentation shows as a definition.
func TestExamplesOfTheDocumentationAreRight(t *testing.T) {
	for _, file := range []string{"../README.md", "../docs/definition.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks := strings.Split(string(text), "\n```json\n")[1:]
		if len(blocks) == 0 {
			t.Errorf("%s shows no definition", file)
		}
		for _, block := range blocks {
			source, _, _ := strings.Cut(block, "\n```")
			if definition, problems := schemas.Parse(file, []byte(source)); definition == nil || len(problems) > 0 {
				t.Errorf("%v in\n%s", problems, source)
			}
		}
	}
}
