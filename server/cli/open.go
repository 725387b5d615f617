package cli

import (
	"context"
	"os"
	"strings"

	"guichet/forms"
	"guichet/forms/mongo"
	"guichet/forms/sqlite"
)

// open opens the store and the service over it. The caller closes the store.
func (p *program) open() (forms.Store, *forms.Service, error) {
	store, err := openStore(p.ctx, p.Store)
	if err != nil {
		return nil, nil, err
	}
	service, err := forms.NewService(p.ctx, store, forms.Options{})
	if err != nil {
		_ = store.Close()
		return nil, nil, err
	}
	return store, service, nil
}

func openStore(ctx context.Context, where string) (forms.Store, error) {
	if where == "" {
		where = "sqlite:guichet-data/guichet.db"
	}
	if path, ok := strings.CutPrefix(where, "sqlite:"); ok && path != "" {
		return sqlite.Open(ctx, path)
	}
	if strings.HasPrefix(where, "mongodb://") || strings.HasPrefix(where, "mongodb+srv://") {
		return mongo.Open(ctx, where)
	}
	return nil, failf("--store %q is no store: use sqlite:PATH or mongodb://HOST/DATABASE", where)
}

// with runs a command that needs the service, and closes the store behind it.
func (p *program) with(run func(*forms.Service) error) error {
	store, service, err := p.open()
	if err != nil {
		return err
	}
	defer store.Close()
	return run(service)
}

// dataFolder makes the folder for temporary files.
func (p *program) dataFolder() (string, error) {
	folder := p.Data
	if folder == "" {
		folder = "guichet-data"
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", failf("cannot make the folder %s: %v; choose a folder you may write to with --data DIR", folder, err)
	}
	probe, err := os.CreateTemp(folder, "probe-*")
	if err != nil {
		return "", failf("cannot write to the folder %s: %v; choose a folder you may write to with --data DIR", folder, err)
	}
	_ = probe.Close()
	return folder, os.Remove(probe.Name())
}

// address gives what links begin with, without a slash at the end.
func (p *program) address(listening string) string {
	if p.BaseURL != "" {
		return strings.TrimRight(p.BaseURL, "/")
	}
	return "http://" + listening
}
