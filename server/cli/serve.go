package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"syscall"
	"time"

	"guichet/forms"
	"guichet/server"
)

// drain is how long requests under way may take to finish once the program is told to stop.
const drain = 20 * time.Second

type serveCommand struct{}

func (serveCommand) Run(p *program) error {
	return p.serve(slog.New(slog.NewTextHandler(p.stderr, nil)), func(*forms.Service, string) error { return nil })
}

// serve binds the address, opens the store, runs prepare, and serves until the program is told to stop.
func (p *program) serve(log *slog.Logger, prepare func(service *forms.Service, address string) error) error {
	if p.BaseURL != "" {
		if base, err := url.Parse(p.BaseURL); err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
			return failf("--base-url %q is no address: it looks like https://guichet.example.org", p.BaseURL)
		}
	}
	folder, err := p.dataFolder()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", p.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return failf("%s is in use by another program: stop it, or choose another address with --listen 127.0.0.1:8081", p.Listen)
	}
	if err != nil {
		return failf("cannot listen on %s: %v; choose an address of this machine with --listen HOST:PORT", p.Listen, err)
	}
	defer listener.Close()
	store, service, err := p.open()
	if err != nil {
		return err
	}
	defer store.Close()
	address := p.address(listener.Addr().String())
	site, err := server.New(service, server.Config{BaseURL: address, Publisher: p.Publisher, Temporary: folder}, log, time.Now)
	if err != nil {
		return err
	}
	if err := prepare(service, address); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "listening on http://%s\n", listener.Addr())
	return run(p.ctx, site, listener)
}

// run serves until ctx ends, then lets what is under way finish.
func run(ctx context.Context, site *server.Server, listener net.Listener) error {
	served := make(chan error, 1)
	go func() { served <- site.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.Background(), drain)
	defer cancel()
	if err := site.Shutdown(ending); err != nil {
		return fmt.Errorf("some requests did not finish within %s: %w", drain, err)
	}
	return <-served
}
