package sqlite_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichet/forms"
	"guichet/forms/sqlite"
	"guichet/forms/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() forms.Store {
		path := filepath.Join(t.TempDir(), "data", "été 100%?#.db")
		return func() forms.Store { return open(t, path) }
	})
}

func open(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func TestAnswersAreNotReadableByOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "guichet.db")
	open(t, path)
	for name, want := range map[string]os.FileMode{filepath.Dir(path): 0o700, path: 0o600} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, error %v; want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte("this is not a database, and long enough to be read as one, page by page"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(file, "guichet.db"): "cannot make the folder",
		folder:                            "cannot write to",
		file:                              "cannot open",
	} {
		_, err := sqlite.Open(t.Context(), path)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) && !strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "\n") {
			t.Errorf("Open(%s) = %v, want one line that says %q", path, err, want)
		}
	}
}

func TestTwoProcessesShareTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	one, two := open(t, path), open(t, path)
	form := forms.Form{Slug: "f", State: forms.Open, Version: 1, Revision: 1}
	if err := one.Publish(t.Context(), form, forms.Version{Form: "f", Number: 1, Bytes: []byte("{}")}, nil); err != nil {
		t.Fatal(err)
	}
	form.State, form.Revision = forms.Closed, 2
	if err := two.SetForm(t.Context(), form); err != nil {
		t.Fatal(err)
	}
	_, _, err := one.CreateSubmission(t.Context(), forms.Submission{ID: "1", Form: "f", Reference: "r"}, 1, nil)
	if err != forms.ErrStale {
		t.Errorf("error = %v, want ErrStale: a closing by another process binds at once", err)
	}
}
