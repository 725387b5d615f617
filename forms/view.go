package forms

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"guichet/schemas"
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

// viewing is one look at a form. Whoever finds no fresh one begins it; all who come meanwhile share it.
type viewing struct {
	done        chan struct{} // closed once the rest is final
	view        *View
	err         error
	from, until time.Time // serves from the first to just before the second
}

// View gives the public view of a form, at most a second old; a draft or archived form is not_found.
func (s *Service) View(ctx context.Context, slug string) (*View, error) {
	for {
		v, ours := s.viewing(slug)
		if ours {
			s.look(ctx, slug, v)
			return v.view, v.err
		}
		select {
		case <-v.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		// Who looked may have given up; that is no reason for others to.
		gaveUp := errors.Is(v.err, context.Canceled) || errors.Is(v.err, context.DeadlineExceeded)
		if !gaveUp || ctx.Err() != nil {
			return v.view, v.err
		}
	}
}

// viewing gives the look at a form that serves now, or a new one for the caller to make.
func (s *Service) viewing(slug string) (v *viewing, ours bool) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if v = s.views[slug]; v != nil {
		select {
		case <-v.done:
			if !now.Before(v.from) && now.Before(v.until) {
				return v, false
			}
		default:
			return v, false // under way
		}
	}
	v = &viewing{done: make(chan struct{}), from: now}
	s.views[slug] = v
	return v, true
}

// look makes a viewing final.
func (s *Service) look(ctx context.Context, slug string, v *viewing) {
	v.err = errors.New("forms: looking at the form broke off") // for the others, if this panics
	defer func() {
		if v.err != nil {
			s.drop(slug, v) // slugs come from visitors: only forms that exist stay in memory
		}
		close(v.done)
	}()
	v.view, v.err = s.newView(ctx, slug, v.from)
	if v.err != nil {
		return
	}
	v.until = v.from.Add(viewLife)
	for _, edge := range []time.Time{v.view.Definition.Registration.Opens, v.view.Definition.Registration.Closes} {
		if edge.After(v.from) && edge.Before(v.until) {
			v.until = edge
		}
	}
}

// forget makes the next view of a form a new one, also where a look is under way.
func (s *Service) forget(slug string) {
	s.mu.Lock()
	delete(s.views, slug)
	s.mu.Unlock()
}

func (s *Service) drop(slug string, v *viewing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.views[slug] == v {
		delete(s.views, slug)
	}
}

func (s *Service) newView(ctx context.Context, slug string, now time.Time) (*View, error) {
	form, err := s.store.Form(ctx, slug)
	if err != nil {
		return nil, err
	}
	if form.State == Draft || form.State == Archived {
		return nil, Missing("Il n’y a pas de formulaire «\u00a0%s\u00a0».", "There is no form “%s”.", slug)
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
	view.Availability = availability(form, definition.Registration, view.Left, now)
	view.Stamp = stamp(view)
	return view, nil
}

func stamp(view *View) string {
	out := append(strconv.AppendInt(nil, view.Form.Revision, 10), ' ')
	out = append(out, view.Availability...)
	for _, name := range slices.Sorted(maps.Keys(view.Left)) {
		out = strconv.AppendInt(append(out, ' '), int64(view.Left[name]), 10)
	}
	return string(out)
}
