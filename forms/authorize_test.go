package forms_test

import (
	"testing"
	"time"

	"guichet/forms"
)

func TestTokens(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	d.open("g", workshops)
	read, err := d.CreateToken(t.Context(), forms.Token{Form: "f", Scope: forms.Read, Expires: d.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	admin, err := d.CreateToken(t.Context(), forms.Token{Form: "f", Scope: forms.Admin})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		secret, form string
		scope        forms.Scope
		allowed      bool
	}{
		{read, "f", forms.Read, true}, {read, "f", forms.Admin, false}, {read, "g", forms.Read, false},
		{admin, "f", forms.Admin, true}, {admin, "f", forms.Read, true}, {admin, "g", forms.Admin, false}, {"gt_made-up", "f", forms.Read, false}, {"", "f", forms.Read, false},
	} {
		if _, err := d.Authorize(t.Context(), test.secret, test.form, test.scope); (err == nil) != test.allowed || err != nil && forms.CodeOf(err) != forms.Forbidden {
			t.Errorf("%+v: error = %v", test, err)
		}
	}
	d.add(time.Hour)
	if _, err := d.Authorize(t.Context(), read, "f", forms.Read); forms.CodeOf(err) != forms.Forbidden {
		t.Errorf("an expired token: error = %v", err)
	}
	export := forms.Token{Form: "f", Scope: forms.Export, Format: "xlsx"}
	first, err := d.FixedToken(t.Context(), export)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := d.FixedToken(t.Context(), export); err != nil || second != first {
		t.Errorf("fixed tokens %q and %q, error %v; want the same", first, second, err)
	}
	if token, err := d.ExportToken(t.Context(), first); err != nil || token.Form != "f" {
		t.Errorf("export token = %+v, error %v", token, err)
	}
	if _, err := d.ExportToken(t.Context(), admin); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("an admin's token as an address: error = %v", err)
	}
	if _, err := d.CreateToken(t.Context(), forms.Token{Form: "none", Scope: forms.Read}); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("a token for no form: error = %v", err)
	}
}
