package server_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/server"
)

// TestDefectsAreNotShown makes handlers panic and fail: visitors get a reference, the log gets the text.
func TestDefectsAreNotShown(t *testing.T) {
	store := openSQLite(t)
	defer store.Close()
	service, err := forms.NewService(t.Context(), store, forms.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	site, err := server.New(service, server.Config{BaseURL: "https://guichet.example.org"}, slog.New(slog.NewTextHandler(&log, nil)), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/panic", "/api/panic"} {
		site.App().Get(path, func(*fiber.Ctx) error { panic("the secret text") })
	}
	site.App().Get("/fail", func(*fiber.Ctx) error { return errors.New("the secret text") })
	for _, path := range []string{"/panic", "/api/panic", "/fail"} {
		log.Reset()
		response, err := site.App().Test(httptest.NewRequest("GET", path, nil))
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		body := string(text)
		if response.StatusCode != 500 || strings.Contains(body, "secret") || strings.Contains(body, ".go") {
			t.Errorf("%s = %d %s", path, response.StatusCode, body)
		}
		_, rest, _ := strings.Cut(log.String(), "reference=")
		reference, _, _ := strings.Cut(rest, " ")
		if len(reference) != 8 || !strings.Contains(body, reference) || !strings.Contains(log.String(), "the secret text") {
			t.Errorf("%s: reference %q is not both on the page and in the log:\n%s", path, reference, log.String())
		}
		if response.Header.Get("Strict-Transport-Security") == "" || response.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: a failure comes without its headers", path)
		}
	}
}
