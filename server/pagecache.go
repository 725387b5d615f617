package server

import (
	"bytes"
	"sync"

	"guichet/forms"
)

// blankPages keeps the empty page of each form and language, drawn once for as long as it looks the same.
type blankPages struct {
	mu    sync.Mutex
	pages map[blankKey]blankPage
}

type blankKey struct{ slug, language string }

// blankPage is a page cut where the token goes.
type blankPage struct {
	stamp         string
	before, after []byte
}

// maxBlankPages bounds the memory of an installation with many forms.
const maxBlankPages = 500

// page gives the page of a view, drawn by render where the one that is kept looks otherwise.
func (b *blankPages) page(view *forms.View, language string, render func() ([]byte, error)) (blankPage, error) {
	key := blankKey{view.Form.Slug, language}
	b.mu.Lock()
	page, kept := b.pages[key]
	b.mu.Unlock()
	if kept && page.stamp == view.Stamp {
		return page, nil
	}
	html, err := render()
	if err != nil {
		return blankPage{}, err
	}
	before, after, _ := bytes.Cut(html, []byte(tokenMark))
	page = blankPage{view.Stamp, before, after}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.pages) >= maxBlankPages {
		clear(b.pages)
	}
	b.pages[key] = page
	return page, nil
}

// with gives the page with a token of its own.
func (p blankPage) with(token string) []byte {
	html := make([]byte, 0, len(p.before)+len(token)+len(p.after))
	return append(append(append(html, p.before...), token...), p.after...)
}
