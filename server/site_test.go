package server_test

import (
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"time"

	"guichet/forms"
	"guichet/forms/mongo"
	"guichet/forms/mongo/mongotest"
	"guichet/forms/sqlite"
	"guichet/schemas"
	"guichet/server"
)

// site is a server that runs, with the BlueHats form open.
type site struct {
	address string
	service *forms.Service
	slug    string
}

func openSQLite(t *testing.T) forms.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "guichet.db"))
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func openMongo(t *testing.T) forms.Store {
	t.Helper()
	store, err := mongo.Open(t.Context(), mongotest.Start(t).URI("guichet"))
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// startSite serves a store on loopback.
func startSite(t *testing.T, store forms.Store, now func() time.Time) *site {
	t.Helper()
	service, err := forms.NewService(t.Context(), store, forms.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{address: "http://" + listener.Addr().String(), service: service, slug: "bluehats-poss-2019"}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	running, err := server.New(service, server.Config{BaseURL: s.address, Temporary: t.TempDir()}, log, now)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- running.Serve(listener) }()
	t.Cleanup(func() {
		_ = running.App().Shutdown()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = store.Close()
	})
	data, err := schemas.Starter("bluehats-poss-2019.json")
	if err != nil {
		t.Fatal(err)
	}
	s.publish(t, s.slug, string(data))
	return s
}

// publish publishes a definition and opens its form.
func (s *site) publish(t *testing.T, slug, definition string) {
	t.Helper()
	if _, err := s.service.Publish(t.Context(), slug+".json", slug, []byte(definition)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.service.SetState(t.Context(), slug, forms.Open); err != nil {
		t.Fatal(err)
	}
}

func (s *site) form() string { return s.address + "/f/" + s.slug }
