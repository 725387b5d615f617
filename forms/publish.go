package forms

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"guichet/schemas"
)

// Published is the outcome of a publishing.
type Published struct {
	Form     Form
	Version  Version
	Changed  bool // false: these bytes are the current version already, nothing was written
	Warnings []schemas.Problem
}

// Publish checks a definition and makes it the next version of its form, or a new form in state draft. file names it in
// problems; slug overrides the definition's. Problems come as *DefinitionError; a change of type on an
// answered pointer as *Error with code conflict, with one of Fields for each.
func (s *Service) Publish(ctx context.Context, file, slug string, data []byte) (Published, error) {
	definition, problems := Check(file, data)
	if definition == nil {
		return Published{}, &DefinitionError{problems}
	}
	slug, err := chooseSlug(slug, definition.Slug, file)
	if err != nil {
		return Published{}, err
	}
	defer s.forget(slug)
	for range tries {
		published, err := s.publish(ctx, slug, definition)
		if err == nil {
			published.Warnings = problems
			return published, nil
		}
		if !errors.Is(err, ErrStale) {
			return Published{}, err
		}
	}
	return Published{}, errBusy()
}

// publish writes the next version of a form as it stands now; ErrStale where someone else was faster.
func (s *Service) publish(ctx context.Context, slug string, definition *schemas.Definition) (Published, error) {
	now := s.moment()
	form, err := s.store.Form(ctx, slug)
	switch {
	case CodeOf(err) == NotFound:
		form = Form{Slug: slug, State: Draft, Created: now}
	case err != nil:
		return Published{}, err
	default:
		current, err := s.store.Version(ctx, slug, form.Version)
		if err != nil {
			return Published{}, err
		}
		if bytes.Equal(current.Bytes, definition.Bytes) {
			return Published{Form: form, Version: current}, nil
		}
		if err := s.refuseRetyping(ctx, form, definition); err != nil {
			return Published{}, err
		}
	}
	form.Version++
	form.Revision++
	form.Updated = now
	sum := sha256.Sum256(definition.Bytes)
	version := Version{Form: slug, Number: form.Version, SHA256: hex.EncodeToString(sum[:]), Bytes: definition.Bytes, Published: now}
	var counted []string
	for _, limit := range limits(definition) {
		counted = append(counted, limit.Name)
	}
	if err := s.store.Publish(ctx, form, version, counted); err != nil {
		return Published{}, err
	}
	return Published{Form: form, Version: version, Changed: true}, nil
}
