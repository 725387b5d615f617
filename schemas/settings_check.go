package schemas

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// DefinitionSchema is the JSON Schema of a definition file, for editors' completion.
//
//go:embed definition.schema.json
var DefinitionSchema []byte

// checkSettings judges a document by DefinitionSchema.
func checkSettings(document *node) []Problem {
	rules, err := readNode(DefinitionSchema)
	if err != nil {
		return []Problem{{Reason: foreign(err)}}
	}
	compiled, problems := compileAt(rules, "")
	if compiled == nil {
		return problems
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(compiled.Validate(document.plain()), &invalid) {
		return nil
	}
	for _, leaf := range leaves(invalid, nil) {
		at := pointerOf(leaf.InstanceLocation)
		if extra, ok := leaf.ErrorKind.(*kind.AdditionalProperties); ok {
			for _, name := range extra.Properties {
				problems = append(problems, problem(Join(at, name), "ce réglage n'existe pas", "there is no such setting"))
			}
			continue
		}
		problems = append(problems, Problem{Pointer: at, Reason: settingReason(leaf.ErrorKind)})
	}
	return problems
}

// settingReason says what is wrong with a setting or a keyword.
func settingReason(k jsonschema.ErrorKind) Wording {
	say := func(fr, en string, args ...any) Wording { return problem("", fr, en, args...).Reason }
	switch k := k.(type) {
	case *kind.Required:
		names := strings.Join(k.Missing, ", ")
		return say("il manque : %s", "missing: %s", names)
	case *kind.Type:
		want := strings.Join(k.Want, ", ")
		return say("attendu : %s ; trouvé : %s", "expected %s, found %s", want, k.Got)
	case *kind.Enum:
		return say("cette valeur n'est pas une de celles possibles : %v", "this value is not one of the possible ones: %v", k.Want)
	case *kind.Pattern:
		return say("%q ne suit pas la forme %s", "%q does not follow the form %s", k.Got, k.Want)
	case *kind.Format:
		if k.Want == "regex" {
			return say("%q n'est pas une expression régulière valable (ECMA-262)", "%q is not a valid regular expression (ECMA-262)", k.Got)
		}
		return say("%v n'est pas de la forme %s", "%v is not of the form %s", k.Got, k.Want)
	}
	printer := message.NewPrinter(language.English)
	return say("valeur refusée : %s", "value refused: %s", k.LocalizedString(printer))
}

// checkFields judges what the static tree of fields shows.
func (d *Definition) checkFields(base string) []Problem {
	if d.fields == nil || d.fields.Kind != Object {
		return []Problem{problem(base, "le schéma doit décrire un objet : {\"type\": \"object\", \"properties\": {...}}", "the schema has to describe an object: {\"type\": \"object\", \"properties\": {...}}")}
	}
	if len(d.fields.Fields) == 0 {
		return []Problem{problem(base, "le schéma ne pose aucune question : ajoutez des propriétés sous properties", "the schema asks nothing: add properties under properties")}
	}
	var problems []Problem
	count := 0
	for sch := range asking(d.root, map[*jsonschema.Schema]bool{}) {
		problems = append(problems, d.undrawable(sch, base+fragment(sch.Location))...)
	}
	ids := map[string]string{}
	d.fields.Walk(func(field *Field) bool {
		count++
		if twin, taken := ids[field.ID]; taken && field.Pointer != "" {
			problems = append(problems, problem(base, "les champs %s et %s ont le même identifiant %q", "the fields %s and %s have the same id %q", twin, field.Pointer, field.ID))
		}
		ids[field.ID] = field.Pointer
		if !known(field.Widget, "", "text", "textarea", "email", "uri", "url", "tel", "date", "radio", "select", "checkbox", "checkboxes", "updown", "hidden", "password", "color", "range") {
			problems = append(problems, warning("/uiSchema"+strings.ReplaceAll(field.Pointer, "/*", "/items"), "le contrôle %q n'est pas connu : le contrôle ordinaire est montré", "the widget %q is not known: the ordinary control is shown", field.Widget))
		}
		return true
	})
	if count >= maxFields {
		problems = append(problems, problem(base, "le formulaire a plus de %d champs", "the form has more than %d fields", maxFields))
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Pointer, b.Pointer) })
	return problems
}

// asking adds the schemas under sch that say what is asked, and not only whether a condition holds.
func asking(sch *jsonschema.Schema, found map[*jsonschema.Schema]bool) map[*jsonschema.Schema]bool {
	if sch == nil || found[sch] {
		return found
	}
	found[sch] = true
	for _, sub := range subschemas(sch) {
		if sub != sch.If && sub != sch.Not && sub != sch.Contains && sub != sch.PropertyNames {
			asking(sub, found)
		}
	}
	return found
}

// undrawable names what a schema has that pages cannot ask.
func (d *Definition) undrawable(sch *jsonschema.Schema, at string) []Problem {
	var problems []Problem
	written := d.rules.nodes[sch]
	for keyword, alternatives := range map[string][]*jsonschema.Schema{"oneOf": sch.OneOf, "anyOf": sch.AnyOf} {
		for i, alternative := range alternatives {
			if target := d.rules.object(alternative); target != nil && len(d.rules.discriminators(target)) == 0 {
				problems = append(problems, problem(fmt.Sprintf("%s/%s/%d", at, keyword, i), "rien ne distingue cette possibilité des autres : donnez-lui une propriété avec const ou enum", "nothing tells this alternative from the others: give it a property with const or enum"))
			}
		}
	}
	if sch.PrefixItems != nil || written.get("items").isArray() {
		problems = append(problems, problem(at, "les tableaux dont chaque place a son schéma ne se dessinent pas : donnez un seul schéma à items", "arrays with a schema for each place cannot be drawn: give items one schema"))
	}
	if format := written.get("format").text(); known(format, "data-url") {
		problems = append(problems, problem(at+"/format", "les fichiers joints ne sont pas acceptés", "attached files are not accepted"))
	}
	if sch.If != nil {
		for _, name := range slices.Sorted(maps.Keys(sch.If.Properties)) {
			if !slices.Contains(sch.If.Required, name) {
				problems = append(problems, warning(at+"/if", "cette condition est vraie aussi quand %q est absent : ajoutez \"required\": [%q]", "this condition also holds when %q is absent: add \"required\": [%q]", name, name))
			}
		}
	}
	return problems
}

func (n *node) isArray() bool { return n != nil && n.array }

// checkPointers judges the settings that point at fields.
func (d *Definition) checkPointers() []Problem {
	var problems []Problem
	must := func(at, pointer string, good func(*Field) bool, fr, en string) {
		if field := d.fields.Find(pointer); pointer != "" && (field == nil || !good(field)) {
			problems = append(problems, problem(at, "%s "+fr, "%s "+en, pointer))
		}
	}
	single := func(f *Field) bool { return f.Kind != Object && f.Kind != Group }
	choices := func(f *Field) bool { return len(f.Choices) > 0 }
	const frField, enField = "ne désigne aucune question du formulaire", "is no question of the form"
	must("/person/email", d.Person.Email, single, frField, enField)
	must("/person/givenName", d.Person.GivenName, single, frField, enField)
	must("/person/familyName", d.Person.FamilyName, single, frField, enField)
	must("/person/organisation", d.Person.Organisation, single, frField, enField)
	for pointer, places := range d.Registration.Choices {
		at := Join("/registration/choices", pointer)
		must(at, pointer, func(f *Field) bool { return choices(f) && !strings.Contains(f.Pointer, "*") }, "ne désigne aucune question à choix hors d'un groupe", "is no question with choices outside a group")
		if field := d.fields.Find(pointer); field != nil {
			for key := range places {
				if field.Choice(key) == nil {
					problems = append(problems, problem(Join(at, key), "%q n'est pas un des choix de %s", "%q is not one of the choices of %s", key, pointer))
				}
			}
		}
	}
	for i, list := range d.Lists {
		at := fmt.Sprintf("/lists/%d", i)
		must(at+"/rows", list.Rows, func(f *Field) bool { return f.Name == "*" }, "ne désigne pas les éléments d'un groupe : /groupe/*", "is not the items of a group: /group/*")
		must(at+"/each", list.Each, choices, "ne désigne aucune question à choix", "is no question with choices")
		for j, column := range list.Columns {
			if !d.hasColumn(column) {
				problems = append(problems, problem(fmt.Sprintf("%s/columns/%d", at, j), "%q n'est ni une question ni reference, status, created, updated ou number", "%q is neither a question nor reference, status, created, updated or number", column))
			}
		}
	}
	if d.Event != nil {
		problems = append(problems, d.checkEvent()...)
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Pointer, b.Pointer) })
	return problems
}

// hasColumn says whether a list may show a column of this name.
func (d *Definition) hasColumn(name string) bool {
	found := known(name, "reference", "status", "created", "updated", "number")
	d.fields.Walk(func(field *Field) bool {
		found = found || field.ID == name && field.Kind != Object
		return !found
	})
	return found
}

func (d *Definition) checkEvent() []Problem {
	var problems []Problem
	if _, err := time.LoadLocation(d.Event.Timezone); err != nil {
		problems = append(problems, problem("/event/timezone", "le fuseau %q n'existe pas : par exemple Europe/Paris", "there is no time zone %q: for example Europe/Paris", d.Event.Timezone))
	}
	for i, slot := range d.Event.Programme {
		at := fmt.Sprintf("/event/programme/%d", i)
		if slot.Talks != "" && d.fields.Find(slot.Talks) == nil {
			problems = append(problems, problem(at+"/talks", "%s ne désigne aucun groupe du formulaire", "%s is no group of the form", slot.Talks))
		}
		for pointer, key := range slot.Choice {
			if field := d.fields.Find(pointer); field == nil || field.Choice(key) == nil {
				problems = append(problems, problem(at+"/choice", "%q n'est pas un choix de %s", "%q is not a choice of %s", key, pointer))
			}
		}
	}
	return problems
}

// Choice gives the choice with this key, nil where there is none.
func (field *Field) Choice(key string) *Choice {
	for i := range field.Choices {
		if field.Choices[i].Key == key {
			return &field.Choices[i]
		}
	}
	return nil
}
