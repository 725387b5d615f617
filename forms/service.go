package forms

import (
	"context"
	"io"
	"iter"
	"time"

	"guichet/schemas"
)

// Options are what the domain takes from outside, so that tests decide them. Each has a default.
type Options struct {
	Now    func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
}

// Service is every rule about forms, over one store. It is safe for concurrent use.
type Service struct {
	store   Store
	options Options
}

// NewService returns a service over a store; the store's secrets are read, and made the first time.
func NewService(ctx context.Context, store Store, options Options) (*Service, error) { panic("soon") }

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
	panic("soon")
}

// SetState opens, closes or archives a form; to be in that state already is not an error.
func (s *Service) SetState(ctx context.Context, slug string, state State) (Form, error) {
	panic("soon")
}

// Forms gives all forms, by slug.
func (s *Service) Forms(ctx context.Context) iter.Seq2[Form, error] { return s.store.Forms(ctx) }

// Definition gives a version of a form, in its own language.
func (s *Service) Definition(ctx context.Context, slug string, version int) (*schemas.Definition, error) {
	panic("soon")
}

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

// View gives the public view of a form, at most a second old; a draft or archived form is not_found.
func (s *Service) View(ctx context.Context, slug string) (*View, error) { panic("soon") }

// Entry is what someone hands in.
type Entry struct {
	Form     string
	Version  int    // the version the page showed; 0: the current one
	Language string // of messages, and kept with the submission
	Answers  schemas.Answers
	// Key says which entries are the same one sent again. A page gives its token: the same token with the same answers
	// is the same entry, with others a new one. A program gives its Idempotency-Key with Strict: with others it is refused (invalid, code "key").
	Key    string
	Strict bool
}

// Receipt is the outcome of an entry.
type Receipt struct {
	Submission Submission
	Token      string   // the last part of the receipt's address
	Ignored    []string // pointers that no branch of the definition describes
	Repeated   bool     // this entry was kept earlier
}

// Submit checks an entry, takes its places and keeps it. Errors: invalid, full, closed, not_found, unavailable.
func (s *Service) Submit(ctx context.Context, entry Entry) (Receipt, error) { panic("soon") }

// Receipt gives the submission behind a receipt's address, or not_found.
func (s *Service) Receipt(ctx context.Context, slug, token string) (Submission, error) { panic("soon") }

// ReceiptToken gives the last part of a submission's receipt address.
func (s *Service) ReceiptToken(submission Submission) string { panic("soon") }

// Cancel cancels a submission and gives back its places.
func (s *Service) Cancel(ctx context.Context, slug, id string) (Submission, error) { panic("soon") }

// Submissions gives the submissions that match, oldest first.
func (s *Service) Submissions(ctx context.Context, query Query) iter.Seq2[Submission, error] {
	return s.store.Submissions(ctx, query)
}

// PageToken seals which version a page shows, with a nonce and the time.
func (s *Service) PageToken(slug string, version int) string { panic("soon") }

// OpenPageToken reads a PageToken of the form; ok is false where it is forged, of another form, or older than a day.
func (s *Service) OpenPageToken(slug, token string) (version int, ok bool) { panic("soon") }

// CreateToken keeps a new token and gives its secret, which is not kept. Created is set here.
func (s *Service) CreateToken(ctx context.Context, token Token) (secret string, err error) {
	panic("soon")
}

// FixedToken is CreateToken with a secret derived from the store's key: the same token gives the same secret each time.
func (s *Service) FixedToken(ctx context.Context, token Token) (secret string, err error) {
	panic("soon")
}

// Authorize gives the token of a secret if it is known, not expired, and allows the scope on the form
// (admin allows read); else forbidden.
func (s *Service) Authorize(ctx context.Context, secret, slug string, scope Scope) (Token, error) {
	panic("soon")
}

// ExportToken gives the export token of a secret, or not_found.
func (s *Service) ExportToken(ctx context.Context, secret string) (Token, error) { panic("soon") }

// Ping says whether the store can read and write now.
func (s *Service) Ping(ctx context.Context) error { return s.store.Ping(ctx) }

// DefinitionError holds what is wrong with a definition.
type DefinitionError struct{ Problems []schemas.Problem }

func (e *DefinitionError) Error() string { return e.Problems[0].String() }
