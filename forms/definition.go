package forms

import (
	"context"
	"fmt"

	"guichet/schemas"
)

type versionKey struct {
	slug   string
	number int
}

// maxDefinitions is how many parsed versions are kept in memory. They never change.
const maxDefinitions = 256

// Definition gives a version of a form, in its own language.
func (s *Service) Definition(ctx context.Context, slug string, version int) (*schemas.Definition, error) {
	key := versionKey{slug, version}
	s.mu.Lock()
	definition := s.definitions[key]
	s.mu.Unlock()
	if definition != nil {
		return definition, nil
	}
	kept, err := s.store.Version(ctx, slug, version)
	if err != nil {
		return nil, err
	}
	definition, problems := schemas.Parse(slug, kept.Bytes)
	if definition == nil {
		// Not wrapped: what is wrong is our store or program, not what the caller sent.
		return nil, fmt.Errorf("version %d of %s is not readable: %v", version, slug, &DefinitionError{problems})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.definitions) >= maxDefinitions {
		clear(s.definitions)
	}
	s.definitions[key] = definition
	return definition, nil
}
