package mongo

import (
	"context"
	"errors"
	"strings"
	"testing"

	"guichet/forms"

	"go.mongodb.org/mongo-driver/v2/mongo"
)

func TestErrorsAreTranslatedByTheirKind(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name string
		ctx  context.Context
		err  error
		code forms.Code
		is   error
	}{
		{"nothing", t.Context(), nil, "", nil},
		{"a server that stops", t.Context(), mongo.CommandError{Code: 11600}, forms.Unavailable, nil},
		{"no primary", t.Context(), mongo.CommandError{Code: 10107}, forms.Unavailable, nil},
		{"a conflict that lasts", t.Context(), mongo.CommandError{Code: 112, Labels: []string{"TransientTransactionError"}}, forms.Unavailable, nil},
		{"a closed client", t.Context(), mongo.ErrClientDisconnected, forms.Unavailable, nil},
		{"a context that ended", ended, mongo.CommandError{Code: 11600}, "", context.Canceled},
		{"a defect", t.Context(), mongo.CommandError{Code: 9, Message: "FailedToParse"}, "", nil},
		{"what is known already", ended, missingForm("f"), forms.NotFound, nil},
	} {
		got := translate(test.ctx, test.err)
		if forms.CodeOf(got) != test.code || test.is != nil && !errors.Is(got, test.is) || (test.err == nil) != (got == nil) {
			t.Errorf("%s: %v, want code %q", test.name, got, test.code)
		}
	}
	var long *forms.Error
	if err := translate(t.Context(), mongo.CommandError{Code: 239}); !errors.As(err, &long) || !strings.Contains(long.Message.EN, "five minutes") {
		t.Errorf("a snapshot that is gone: %v, want it said", err)
	}
}
