package exports

import (
	"strings"

	"guichet/forms"
	"guichet/schemas"
)

// List is one list of a form: a definition's list, or one choice of a list with Each.
type List struct {
	ID     string // "participants", "atelier:geo"
	Name   string
	Spec   schemas.List
	Choice *schemas.Choice // with Spec.Each only
}

// Lists gives the lists of a definition in its order. A definition without lists has the participants, and the items of each
// group at its top.
func Lists(definition *schemas.Definition) []List {
	specs := definition.Lists
	if len(specs) == 0 {
		specs = []schemas.List{{ID: "participants", Name: wordsOf(definition.Language).participants}}
		for _, field := range definition.Fields().Fields {
			if field.Kind == schemas.Group {
				specs = append(specs, schemas.List{ID: listID(field.Name), Name: field.Label, Rows: field.Pointer + "/*", WithPerson: true})
			}
		}
	}
	var lists []List
	for _, spec := range specs {
		if spec.Each == "" {
			lists = append(lists, List{ID: spec.ID, Name: spec.Name, Spec: spec})
			continue
		}
		field := definition.Fields().Find(spec.Each)
		if field == nil {
			continue
		}
		for i := range field.Choices {
			choice := &field.Choices[i]
			lists = append(lists, List{ID: spec.ID + ":" + choice.Key, Name: strings.ReplaceAll(spec.Name, "{choice}", choice.Label), Spec: spec, Choice: choice})
		}
	}
	return lists
}

// listID makes an id of a field's name.
func listID(name string) string {
	id := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	if id = strings.Trim(id, "-"); id == "" {
		return "liste"
	}
	return id
}

// tables gives a table for each list.
func (s Source) tables() []*table {
	var tables []*table
	for _, list := range Lists(s.current()) {
		tables = append(tables, s.newTable(list))
	}
	return tables
}

// table gives the table of the list with this id.
func (s Source) table(id string) (*table, error) {
	var known []string
	for _, list := range Lists(s.current()) {
		if list.ID == id {
			return s.newTable(list), nil
		}
		known = append(known, list.ID)
	}
	names := strings.Join(known, ", ")
	return nil, forms.Missing("Il n’y a pas de liste «\u00a0%s\u00a0». Les listes\u00a0: %s.", "There is no list “%s”. The lists are: %s.", id, names)
}

// words are the words of headers and cells.
type words struct {
	participants, reference, status, created, updated, number, signature, yes, no, retired, notAsked, cut, submission, next string
	statuses                                                                                                                map[forms.Status]string
}

func wordsOf(language string) words {
	if language == "en" {
		return words{
			"Participants", "Reference", "Status", "Registered", "Updated", "No.", "Signature", "Yes", "No", "retired", "not asked", "[cut]", "submission", "continued",
			map[forms.Status]string{forms.Confirmed: "confirmed", forms.Waiting: "waiting", forms.Unconfirmed: "unconfirmed", forms.Review: "to review", forms.Cancelled: "cancelled"},
		}
	}
	return words{
		"Participants", "Référence", "Statut", "Inscription", "Modification", "N°", "Signature", "Oui", "Non", "retirée", "non demandé", "[coupé]", "inscription", "suite",
		map[forms.Status]string{forms.Confirmed: "confirmée", forms.Waiting: "en attente", forms.Unconfirmed: "à confirmer", forms.Review: "à vérifier", forms.Cancelled: "annulée"},
	}
}
