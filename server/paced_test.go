package server

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet/forms"
	"guichet/forms/sqlite"
)

// TestSlowDownloadsGoOn takes a long reply over a slow line, part by part, for much longer than the time for one part.
func TestSlowDownloadsGoOn(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "guichet.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	service, err := forms.NewService(t.Context(), store, forms.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const part = 200 * time.Millisecond
	s, err := newServer(service, Config{BaseURL: "http://127.0.0.1", Temporary: t.TempDir()}, slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now, part)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := service.Publish(t.Context(), "f.json", "f", []byte(`{"properties":{"a":{"type":"string"}}}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := service.SetState(t.Context(), "f", forms.Open); err != nil {
		t.Fatal(err)
	}
	const many = 40
	for range many {
		if _, err := service.Submit(t.Context(), forms.Entry{Form: "f", Answers: map[string]any{"a": strings.Repeat("x", 500_000)}}); err != nil {
			t.Fatal(err)
		}
	}
	secret, err := service.CreateToken(t.Context(), forms.Token{Form: "f", Scope: forms.Read})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(listener) }()
	defer func() { _ = s.app.Shutdown() }()
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.(*net.TCPConn).SetReadBuffer(1 << 16); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(connection, "GET /api/v1/forms/f/submissions HTTP/1.1\r\nHost: x\r\nAccept: application/x-ndjson\r\nAuthorization: Bearer %s\r\n\r\n", secret)
	response, err := http.ReadResponse(bufio.NewReaderSize(connection, 4096), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	begun, lines := time.Now(), 0
	buffer := make([]byte, 256<<10)
	for {
		n, err := response.Body.Read(buffer)
		lines += strings.Count(string(buffer[:n]), "\n")
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("cut after %v and %d lines: %v", time.Since(begun), lines, err)
		}
		time.Sleep(20 * time.Millisecond) // the line is slow
	}
	if lines != many {
		t.Errorf("%d lines, want %d", lines, many)
	}
}
