package forms_test

import (
	"strings"
	"testing"

	"guichet/forms"
)

func TestSlugs(t *testing.T) {
	own := strings.Replace(workshops, "{", `{"slug":"own",`, 1)
	for _, test := range []struct{ name, asked, file, definition, want string }{
		{"asked for", "asked", "file.json", own, "asked"},
		{"the definition's own", "", "file.json", own, "own"},
		{"the file's name", "", "dir/Journée d’été, 2019.json", workshops, "journee-d-ete-2019"},
		{"a ligature", "", "Œuvre.json", workshops, "oeuvre"},
		{"one symbol", "a", "f.json", workshops, "a"},
		{"64 symbols", strings.Repeat("a", 64), "f.json", workshops, strings.Repeat("a", 64)},
		{"nothing left of the file's name", "", "日本.json", workshops, ""},
		{"a file's name that is too long", "", strings.Repeat("a", 65) + ".json", workshops, ""},
	} {
		published, err := newDesk(t).Publish(t.Context(), test.file, test.asked, []byte(test.definition))
		if published.Form.Slug != test.want || (test.want == "") != (forms.CodeOf(err) == forms.Invalid) {
			t.Errorf("%s: slug %q, error %v; want %q", test.name, published.Form.Slug, err, test.want)
		}
	}
}
