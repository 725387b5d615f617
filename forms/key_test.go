package forms_test

import (
	"strings"
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

// TestTokensAreWrittenOneWay changes how a token is written, not what it says.
func TestTokensAreWrittenOneWay(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	receipt, page := d.mustSubmit(forms.Entry{Answers: named("a")}).Token, d.PageToken("f", 1)
	for what, change := range map[string]func(string) string{
		"line end": func(token string) string { return token[:5] + "\n" + token[5:] },
		"padding":  func(token string) string { return token + "=" },
		"loose bits": func(token string) string { // the last symbol of 32 bytes holds four bits only
			const symbols = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
			last := strings.IndexByte(symbols, token[len(token)-1])
			return token[:len(token)-1] + string(symbols[last^1])
		},
	} {
		if _, err := d.Receipt(t.Context(), "f", change(receipt)); forms.CodeOf(err) != forms.NotFound {
			t.Errorf("%s: the receipt was found, error %v", what, err)
		}
		if _, ok := d.OpenPageToken("f", change(page)); ok {
			t.Errorf("%s: the page token was taken", what)
		}
	}
}

// TestOneKindOfTokenIsNoOther hands each kind in where another is wanted.
func TestOneKindOfTokenIsNoOther(t *testing.T) {
	d := newDesk(t)
	d.open("f", workshops)
	receipt := d.mustSubmit(forms.Entry{Answers: named("a")}).Token
	if _, ok := d.OpenPageToken("f", receipt); ok {
		t.Error("a receipt's token opened a page")
	}
	if _, err := d.ExportToken(t.Context(), receipt); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("a receipt's token as an export: error = %v", err)
	}
	if _, err := d.Receipt(t.Context(), "f", d.PageToken("f", 1)); forms.CodeOf(err) != forms.NotFound {
		t.Errorf("a page's token as a receipt: error = %v", err)
	}
	stranger := newDesk(t)
	stranger.open("f", workshops)
	if _, ok := stranger.OpenPageToken("f", d.PageToken("f", 1)); ok {
		t.Error("another installation took a page token")
	}
}
