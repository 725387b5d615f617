// Package forms is what happens to a form: publishing, submissions, places, rights. Every rule is here,
// above the stores, once.
package forms

import "time"

// State says whether a form takes submissions.
type State string

const (
	Draft    State = "draft"
	Open     State = "open"
	Closed   State = "closed"
	Archived State = "archived"
)

// Form is what an organiser opens to the public, under a slug.
type Form struct {
	Slug     string
	State    State
	Version  int   // number of the current version, from 1
	Revision int64 // grows by one with every publishing and every change of state
	Created  time.Time
	Updated  time.Time // of the last publishing or change of state
}

// Version is one published definition. It never changes.
type Version struct {
	Form      string // slug
	Number    int    // from 1
	SHA256    string // of Bytes, in hexadecimal
	Bytes     []byte
	Published time.Time
}
