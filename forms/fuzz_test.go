package forms_test

import (
	"path/filepath"
	"testing"

	"guichet/forms"
	"guichet/forms/sqlite"
)

// FuzzTokens feeds made-up addresses and page tokens: none is taken, none breaks anything.
func FuzzTokens(f *testing.F) {
	store, err := sqlite.Open(f.Context(), filepath.Join(f.TempDir(), "guichet.db"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = store.Close() })
	service, err := forms.NewService(f.Context(), store, forms.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Add("f", "")
	f.Add("f", service.PageToken("g", 1))
	f.Add("f", service.ReceiptToken(forms.Submission{ID: "0193b3f0-0000-7000-8000-000000000001", Form: "f"}))
	f.Fuzz(func(t *testing.T, slug, token string) {
		if _, ok := service.OpenPageToken(slug, token); ok {
			t.Errorf("the page token %q was taken for %q", token, slug)
		}
		if _, err := service.Receipt(t.Context(), slug, token); forms.CodeOf(err) != forms.NotFound {
			t.Errorf("receipt %q of %q: %v", token, slug, err)
		}
		if _, err := service.ExportToken(t.Context(), token); forms.CodeOf(err) != forms.NotFound {
			t.Errorf("export %q: %v", token, err)
		}
	})
}
