package forms

import "guichet/schemas"

// DefinitionError holds what is wrong with a definition, warnings included.
type DefinitionError struct{ Problems []schemas.Problem }

// Error gives the first problem that is not a warning.
func (e *DefinitionError) Error() string {
	for _, problem := range e.Problems {
		if !problem.Warning {
			return problem.String()
		}
	}
	return "forms: this definition is not accepted"
}

// Check reads a definition as Publish does: by schemas.Parse, then by what this version of Guichet honours. The definition is nil
// when a problem is not a warning.
func Check(file string, data []byte) (*schemas.Definition, []schemas.Problem) {
	definition, problems := schemas.Parse(file, data)
	if definition == nil {
		return nil, problems
	}
	refused := false
	refuse := func(pointer, fr, en string) {
		problems = append(problems, schemas.Problem{File: file, Pointer: pointer, Reason: schemas.Wording{FR: fr, EN: en}})
		refused = true
	}
	if definition.Registration.WaitingList {
		refuse("/registration/waitingList",
			"les listes d’attente n’existent pas encore dans cette version de Guichet\u00a0: retirez ce réglage",
			"there are no waiting lists in this version of Guichet yet: remove this setting")
	}
	if definition.Registration.OnePer != "" {
		refuse("/registration/onePer",
			"une seule inscription par personne n’est pas encore possible dans cette version de Guichet\u00a0: retirez ce réglage",
			"one submission per person is not possible in this version of Guichet yet: remove this setting")
	}
	if definition.Mail != (schemas.Mail{}) {
		refuse("/mail",
			"cette version de Guichet n’envoie pas encore de courriel\u00a0: retirez ce réglage",
			"this version of Guichet does not send mail yet: remove this setting")
	}
	if refused {
		return nil, problems
	}
	return definition, problems
}
