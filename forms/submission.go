package forms

import (
	"encoding/json"
	"time"
)

// Status is where a submission stands. Only confirmed ones take places.
type Status string

const (
	Confirmed   Status = "confirmed"
	Waiting     Status = "waiting"
	Unconfirmed Status = "unconfirmed" // address not yet confirmed
	Review      Status = "review"      // kept aside as suspicious
	Cancelled   Status = "cancelled"
)

// Submission is one person's answers to one form.
type Submission struct {
	ID         string // UUID version 7: grows with time
	Form       string // slug
	Version    int    // the version its page showed
	Reference  string // easy to read aloud, unique in the form: BH-7K3QPX
	Status     Status
	Language   string
	Created    time.Time       // UTC, milliseconds
	Updated    time.Time       // UTC, milliseconds
	Generation int             // raised to revoke the receipt's address
	Key        string          // unique in the form for KeyLife when not ""
	Digest     string          // SHA-256 of Answers, in hexadecimal
	Places     []string        // what it takes, by name (PlaceName): the form itself, "", then each choice; nil is kept as empty
	Answers    json.RawMessage // canonical JSON: an object with properties in the definition's order
}

// Rounded gives the submission as every store keeps it: times as UTC milliseconds, Places not nil.
func (s Submission) Rounded() Submission {
	s.Created, s.Updated = s.Created.UTC().Truncate(time.Millisecond), s.Updated.UTC().Truncate(time.Millisecond)
	if s.Places == nil {
		s.Places = []string{}
	}
	return s
}

// KeyLife is how long a submission's Key stays unique.
const KeyLife = 24 * time.Hour

// Claim asks for one place of what is counted under Name, of which there are Limit.
type Claim struct {
	Name  string // "" is the form; else PlaceName
	Limit int
}

// Query selects submissions of one form, oldest first: by Created, then ID.
type Query struct {
	Form     string
	Statuses []Status // empty: all
	After    Cursor   // only those after it; the zero Cursor starts at the beginning
	Limit    int      // 0: all
}

// Cursor is the place of a submission in the order of a Query.
type Cursor struct {
	Created time.Time
	ID      string
}
