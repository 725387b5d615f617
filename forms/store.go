package forms

import (
	"context"
	"iter"
	"time"
)

// Store keeps forms. One method is one intent, and is atomic and durable when it returns nil. Stores hold no
// rules: what they are told, they keep. forms/storetest is this contract as a program; every store passes all of it.
//
// Times are kept as UTC milliseconds. What is absent is a *Error with code not_found; a store that cannot
// be reached, or an operation whose outcome is unknown, is a *Error with code unavailable, never not_found.
// A cancelled context gives an error that errors.Is the context's. Iterators yield an error at most once, last,
// and may be stopped early. Slices and maps passed in are not kept; what comes back is the caller's.
type Store interface {
	// Publish adds version.Number as the form's current version, creating the form where form.Version is 1,
	// and writes form as given. The stored form's Revision must be form.Revision-1 (no form: 1), else ErrStale.
	// counted lists the names of all limited places of this version: their counters are set anew,
	// from the Places of the form's confirmed submissions; others are removed.
	Publish(ctx context.Context, form Form, version Version, counted []string) error

	// SetForm writes the form's State and Updated. The stored Revision must be form.Revision-1, else ErrStale.
	SetForm(ctx context.Context, form Form) error

	// Form gives the form with this slug, or not_found.
	Form(ctx context.Context, slug string) (Form, error)

	// Forms gives all forms, by slug.
	Forms(ctx context.Context) iter.Seq2[Form, error]

	// Version gives one version of a form, or not_found.
	Version(ctx context.Context, slug string, number int) (Version, error)

	// CreateSubmission keeps a submission and takes its claims, both or neither.
	//
	// Where the form's Revision is not revision: ErrStale; no form: not_found. Where a submission of the form
	// made less than KeyLife before submission.Created has the same Key, that one comes back instead, kept is false, and
	// nothing is written; an older one loses its Key. This comes before ErrStale and full: a repeated
	// submission is answered whatever happened to the form since. Where the reference is taken:
	// ErrReferenceTaken. Where claims find no place: a *Error with code full and their Names.
	// A caller that gave up while the write was under way learns the outcome by repeating it with its Key.
	CreateSubmission(ctx context.Context, submission Submission, revision int64, claims []Claim) (stored Submission, kept bool, err error)

	// CancelSubmission sets the status to cancelled and Updated to at, and gives back its Places to the counters that exist.
	// One that is cancelled already comes back as it is.
	CancelSubmission(ctx context.Context, slug, id string, at time.Time) (Submission, error)

	// Submission gives one submission, or not_found.
	Submission(ctx context.Context, slug, id string) (Submission, error)

	// Submissions gives the submissions that match, from one snapshot of the store.
	Submissions(ctx context.Context, query Query) iter.Seq2[Submission, error]

	// Taken gives, for each counted name of the form, how many places are taken.
	Taken(ctx context.Context, slug string) (map[string]int, error)

	// CreateToken keeps a token. One with the same Hash is replaced.
	CreateToken(ctx context.Context, token Token) error

	// Token gives the token with this hash, or not_found.
	Token(ctx context.Context, hash string) (Token, error)

	// Secret gives the store's secret of this name. The first call for a name keeps fresh; all later ones give that back.
	Secret(ctx context.Context, name string, fresh []byte) ([]byte, error)

	// Ping says whether the store can read and write now.
	Ping(ctx context.Context) error

	// Close waits for writes under way and releases the store.
	Close() error
}
