package forms_test

import (
	"testing"
	"time"

	"guichet/forms"
)

func TestReceipts(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	d.open("g", workshops)
	receipt := d.mustSubmit(forms.Entry{Answers: named("a")})
	got, err := d.Receipt(t.Context(), "f", receipt.Token)
	if err != nil || got.ID != receipt.Submission.ID {
		t.Fatalf("receipt = %+v, error %v", got, err)
	}
	forged := []byte(receipt.Token)
	forged[len(forged)-2] ^= 1
	raised := receipt.Submission
	raised.Generation++
	for what, try := range map[string][2]string{
		"another form": {"g", receipt.Token}, "a forged one": {"f", string(forged)}, "half of it": {"f", receipt.Token[:20]}, "nothing": {"f", ""}, "no base64": {"f", "!!!"},
		"a raised generation": {"f", d.ReceiptToken(raised)},
	} {
		if _, err := d.Receipt(t.Context(), try[0], try[1]); forms.CodeOf(err) != forms.NotFound {
			t.Errorf("%s: error = %v, want not_found", what, err)
		}
	}
	other := another(t, d.store, d.clock)
	if _, err := other.Receipt(t.Context(), "f", receipt.Token); err != nil {
		t.Errorf("another process does not know the address: %v", err)
	}
}

func TestPageTokens(t *testing.T) {
	d := newDesk(t)
	token := d.PageToken("f", 3)
	if version, ok := d.OpenPageToken("f", token); version != 3 || !ok {
		t.Errorf("token = version %d, %v", version, ok)
	}
	if d.PageToken("f", 3) == token {
		t.Error("two pages have the same token: two people on one computer would be one")
	}
	for _, bad := range []string{"", "x", token[:10], token + "x", d.PageToken("g", 3)} {
		if _, ok := d.OpenPageToken("f", bad); ok {
			t.Errorf("the token %q was taken", bad)
		}
	}
	d.add(25 * time.Hour)
	if version, ok := d.OpenPageToken("f", token); ok || version != 3 {
		t.Errorf("a day later: version %d, %v; want its version, and not taken", version, ok)
	}
}
