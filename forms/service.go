package forms

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"iter"
	"sync"
	"time"

	"guichet/schemas"
)

// Options are what the domain takes from outside, so that tests decide them. Each has a default.
type Options struct {
	Now    func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand; safe for concurrent use
}

// Service is every rule about forms, over one store. It is safe for concurrent use.
type Service struct {
	store  Store
	now    func() time.Time
	random io.Reader
	seal   []byte // signs addresses and page tokens; the same for every process on the store

	mu          sync.Mutex // guards what follows; never held while the store works
	views       map[string]*viewing
	definitions map[versionKey]*schemas.Definition
}

// NewService returns a service over a store; the store's secret is read, and made the first time.
func NewService(ctx context.Context, store Store, options Options) (*Service, error) {
	s := &Service{store: store, now: options.Now, random: options.Random, views: map[string]*viewing{}, definitions: map[versionKey]*schemas.Definition{}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	fresh := make([]byte, 32)
	if _, err := io.ReadFull(s.random, fresh); err != nil {
		return nil, fmt.Errorf("drawing a secret: %w", err)
	}
	seal, err := store.Secret(ctx, "seal", fresh)
	if err != nil {
		return nil, fmt.Errorf("reading the store's secret: %w", err)
	}
	s.seal = seal
	return s, nil
}

// moment is the time now as stores keep it.
func (s *Service) moment() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

// Ping says whether the store can read and write now.
func (s *Service) Ping(ctx context.Context) error { return s.store.Ping(ctx) }

// Forms gives all forms, by slug.
func (s *Service) Forms(ctx context.Context) iter.Seq2[Form, error] { return s.store.Forms(ctx) }

// Form gives the form with this slug, or not_found.
func (s *Service) Form(ctx context.Context, slug string) (Form, error) {
	return s.store.Form(ctx, slug)
}

// Version gives one version of a form, or not_found.
func (s *Service) Version(ctx context.Context, slug string, number int) (Version, error) {
	return s.store.Version(ctx, slug, number)
}

// Submissions gives the submissions that match, oldest first.
func (s *Service) Submissions(ctx context.Context, query Query) iter.Seq2[Submission, error] {
	return s.store.Submissions(ctx, query)
}

// Cancel cancels a submission and gives back its places; one that is cancelled already comes back as it is.
func (s *Service) Cancel(ctx context.Context, slug, id string) (Submission, error) {
	defer s.forget(slug)
	return s.store.CancelSubmission(ctx, slug, id, s.moment())
}
