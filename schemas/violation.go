package schemas

// Violation is one answer that the definition does not accept.
type Violation struct {
	Pointer string // of the answer, or of where it is missing: "/presentations/0/titre"
	Code    string // stable, for programs: "required", "type", "format", "minLength", "full"...
	Label   string // of the field, in the language of the definition that judged; may be ""
	Message string // what to do about it, in that language: "Donnez un titre à votre présentation."
}

// Wording is one text in the languages that Guichet speaks.
type Wording struct{ FR, EN string }

// In gives the wording in a language, French where Guichet does not speak it.
func (t Wording) In(language string) string {
	if language == "en" {
		return t.EN
	}
	return t.FR
}

// Problem is one thing wrong with a definition. A Warning does not stop publishing.
type Problem struct {
	File    string
	Pointer string // into the definition: "/schema/properties/email/format"
	Reason  Wording
	Warning bool
}

// String gives "file:pointer: reason", in English.
func (p Problem) String() string {
	return p.File + ":" + p.Pointer + ": " + p.Reason.EN
}
