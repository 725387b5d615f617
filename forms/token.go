package forms

import "time"

// Scope is what a token allows.
type Scope string

const (
	Read   Scope = "read"   // the form's submissions and lists
	Admin  Scope = "admin"  // read, and publish, open and close the form
	Export Scope = "export" // download the one export it names, at /x/TOKEN
)

// Token is a bearer secret, of which only the hash is kept.
type Token struct {
	Hash    string // SHA-256 of the secret, in hexadecimal
	Form    string // slug
	Scope   Scope
	List    string // Export only: id of the list, "" for the whole workbook
	Format  string // Export only: "xlsx", "csv" or "json"
	Created time.Time
	Expires time.Time // zero: never
}
