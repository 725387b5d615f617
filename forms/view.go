package forms

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"guichet/schemas"
)

// Availability says whether a form takes submissions now.
type Availability string

const (
	Taking  Availability = "open"
	NotYet  Availability = "not_yet" // Registration.Opens is to come
	Over    Availability = "closed"  // closed by hand, or Registration.Closes has passed
	NoPlace Availability = "full"    // the form has no place left
)

// View is a form as the public sees it. It is shared: callers must not change it.
type View struct {
	Form         Form
	Definition   *schemas.Definition // of the current version, in its own language
	Availability Availability
	Left         map[string]int // places left by name (PlaceName; "" is the form); names without a limit are absent
	Stamp        string         // two views with the same Stamp show the same page
}

// viewLife is how long a view serves: what another process changes shows within it.
const viewLife = time.Second

// viewing is the latest view of one form. Whoever finds it too old makes it anew while the others wait.
type viewing struct {
	mu   sync.Mutex
	view *View
	at   time.Time
}

// View gives the public view of a form, at most a second old; a draft or archived form is not_found.
func (s *Service) View(ctx context.Context, slug string) (*View, error) {
	s.mu.Lock()
	v := s.views[slug]
	if v == nil {
		v = &viewing{}
		s.views[slug] = v
	}
	s.mu.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if age := s.now().Sub(v.at); v.view != nil && age >= 0 && age < viewLife {
		return v.view, nil
	}
	view, err := s.look(ctx, slug)
	if err != nil {
		s.forget(slug) // slugs come from visitors: only forms that exist stay in memory
		return nil, err
	}
	v.view, v.at = view, s.now()
	return view, nil
}

// forget makes the next view of a form a new one.
func (s *Service) forget(slug string) {
	s.mu.Lock()
	delete(s.views, slug)
	s.mu.Unlock()
}

func (s *Service) look(ctx context.Context, slug string) (*View, error) {
	form, err := s.store.Form(ctx, slug)
	if err != nil {
		return nil, err
	}
	if form.State == Draft || form.State == Archived {
		return nil, Missing("Il n’y a pas de formulaire « %s ».", "There is no form “%s”.", slug)
	}
	definition, err := s.Definition(ctx, slug, form.Version)
	if err != nil {
		return nil, err
	}
	view := &View{Form: form, Definition: definition, Left: map[string]int{}}
	if claims := limits(definition); len(claims) > 0 {
		taken, err := s.store.Taken(ctx, slug)
		if err != nil {
			return nil, err
		}
		for _, claim := range claims {
			view.Left[claim.Name] = max(claim.Limit-taken[claim.Name], 0)
		}
	}
	view.Availability = availability(form, definition.Registration, view.Left, s.now())
	view.Stamp = stamp(view)
	return view, nil
}

func availability(form Form, registration schemas.Registration, left map[string]int, now time.Time) Availability {
	places, limited := left[""]
	switch {
	case form.State != Open, !registration.Closes.IsZero() && !now.Before(registration.Closes):
		return Over
	case now.Before(registration.Opens):
		return NotYet
	case limited && places == 0:
		return NoPlace
	}
	return Taking
}

func stamp(view *View) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d %s", view.Form.Revision, view.Availability)
	names := make([]string, 0, len(view.Left))
	for name := range view.Left {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&out, " %d", view.Left[name])
	}
	return out.String()
}

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
		return nil, fmt.Errorf("version %d of %s is not readable: %v", version, slug, problems)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.definitions) >= maxDefinitions {
		clear(s.definitions)
	}
	s.definitions[key] = definition
	return definition, nil
}
