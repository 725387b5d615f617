package schemas

import "time"

// Settings is everything of a definition that is not schema or uiSchema.
type Settings struct {
	Slug         string       `json:"slug"`
	Language     string       `json:"language"` // of schema and uiSchema: "fr" where missing
	Event        *Event       `json:"event"`
	Registration Registration `json:"registration"`
	Person       Person       `json:"person"`
	Lists        []List       `json:"lists"`
	Privacy      *Privacy     `json:"privacy"`
	Mail         Mail         `json:"mail"`
}

// Event says what people register for. Starts and Ends may be zero.
type Event struct {
	Name      string    `json:"name"`
	Summary   string    `json:"summary"` // one short introduction
	Organiser string    `json:"organiser"`
	Starts    time.Time `json:"starts"`
	Ends      time.Time `json:"ends"`
	Timezone  string    `json:"timezone"` // IANA; "Europe/Paris" where missing
	Place     string    `json:"place"`
	Address   string    `json:"address"`
	URL       string    `json:"url"`
	Contact   string    `json:"contact"` // an e-mail address
	Programme []Slot    `json:"programme"`
}

// Slot is one line of the programme.
type Slot struct {
	Room   string            `json:"room"`
	Starts time.Time         `json:"starts"`
	Ends   time.Time         `json:"ends"`
	Title  string            `json:"title"`
	Talks  string            `json:"talks"`  // pointer of the group whose accepted items fill it
	Choice map[string]string `json:"choice"` // pointer to choice key: it belongs to those who chose it
}

// Registration says when and how many.
type Registration struct {
	Opens       time.Time                 `json:"opens"`   // zero: at once
	Closes      time.Time                 `json:"closes"`  // zero: never
	Prefix      string                    `json:"prefix"`  // of references; "G" where missing
	Places      int                       `json:"places"`  // 0: no limit
	Choices     map[string]map[string]int `json:"choices"` // pointer, then choice key, to its places
	WaitingList bool                      `json:"waitingList"`
	OnePer      string                    `json:"onePer"`
}

// Person points at the fields that say who answers. Each may be "".
type Person struct {
	Email        string `json:"email"`
	GivenName    string `json:"givenName"`
	FamilyName   string `json:"familyName"`
	Organisation string `json:"organisation"`
}

// List is a named selection of rows and columns.
type List struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`       // may hold "{choice}" with Each
	Rows       string   `json:"rows"`       // pointer pattern: one row for each item; "": one for each submission
	Each       string   `json:"each"`       // pointer of a field with choices: one list for each, id "ID:KEY"
	Where      any      `json:"where"`      // a JSON Schema that the answers must satisfy
	WithPerson bool     `json:"withPerson"` // with Rows of a group inside another: whose item it is; a group at the top always says so
	Signature  bool     `json:"signature"`
	Columns    []string `json:"columns"` // field ids, in order; empty: all
}

// Privacy is what the page of a form tells about the data it collects.
type Privacy struct {
	Controller string `json:"controller"`
	Purpose    string `json:"purpose"`
	LegalBasis string `json:"legalBasis"`
	Recipients string `json:"recipients"`
	Retention  string `json:"retention"` // ISO 8601 duration in years, months, weeks or days
	Contact    string `json:"contact"`
}

// Mail says how mails about the form are sent.
type Mail struct {
	ReplyTo string `json:"replyTo"`
}

// Location is the event's time zone, Europe/Paris where none is given.
func (s Settings) Location() *time.Location {
	name := "Europe/Paris"
	if s.Event != nil && s.Event.Timezone != "" {
		name = s.Event.Timezone
	}
	if location, err := time.LoadLocation(name); err == nil {
		return location
	}
	return time.UTC
}
