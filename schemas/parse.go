package schemas

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const maxDefinition = 4 << 20

// Parse reads and checks a definition: {schema, uiSchema, ...}, or a bare JSON Schema. file names it
// in problems. The definition is nil when a problem is not a warning.
func Parse(file string, data []byte) (*Definition, []Problem) {
	definition, problems := parse(data, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	stopped := false
	for i := range problems {
		problems[i].File = file
		stopped = stopped || !problems[i].Warning
	}
	if stopped {
		return nil, problems
	}
	return definition, problems
}

func parse(data []byte, name string) (*Definition, []Problem) {
	if len(data) > maxDefinition {
		return nil, []Problem{problem("", "la définition dépasse 4 Mio", "the definition is larger than 4 MiB")}
	}
	document, err := readNode(data)
	if err != nil {
		return nil, []Problem{problem("", "ce n'est pas du JSON valable, %v", "this is not valid JSON, %v", err)}
	}
	base := "/schema"
	if document.get("schema") == nil {
		base = ""
		document = &node{names: []string{"schema"}, members: map[string]*node{"schema": document}}
	} else if problems := checkSettings(document); len(problems) > 0 {
		return nil, problems
	}
	own, problems := read(document, base, "", name)
	if own == nil {
		return nil, problems
	}
	own.Bytes = slices.Clone(data)
	own.tongue = map[string]*Definition{own.Language: own}
	own.Languages = []string{own.Language}
	problems = append(problems, own.checkFields(base)...)
	problems = append(problems, own.checkPointers()...)
	return own, append(problems, own.translate(document, base, name)...)
}

// read makes the definition of a document, in the language that it names where none is given.
func read(document *node, base, language, name string) (*Definition, []Problem) {
	d := &Definition{ui: document.get("uiSchema"), where: map[string]*jsonschema.Schema{}}
	if problems := d.readSettings(document); problems != nil {
		return nil, problems
	}
	if language != "" {
		d.Language = language
	}
	schema := document.get("schema")
	root, problems := compileAt(schema, base)
	if root == nil {
		return nil, problems
	}
	d.root = root
	d.rules = &applicable{nodes: map[*jsonschema.Schema]*node{}}
	d.rules.index(schema, root)
	for i, list := range d.Lists {
		if list.Where != nil {
			at := fmt.Sprintf("/lists/%d/where", i)
			where, problems := compileAt(document.at(at), at)
			if where == nil {
				return nil, problems
			}
			d.where[list.ID] = where
		}
	}
	d.fields = d.build(nil, everyBranch)
	d.Title, d.Description = d.words(schema, name)
	return d, nil
}

// words gives the title and the introduction of the page; name is the last resort for a title.
func (d *Definition) words(schema *node, name string) (title, description string) {
	if d.Event != nil {
		title, description = d.Event.Name, d.Event.Summary
	}
	if title == "" {
		title = schema.get("title").text()
	}
	if title == "" {
		title = d.Slug
	}
	if title == "" {
		title = name
	}
	if description == "" {
		description = schema.get("description").text()
	}
	return title, description
}

// readSettings decodes what is neither schema nor uiSchema.
func (d *Definition) readSettings(document *node) []Problem {
	settings := map[string]any{}
	for name, member := range document.members {
		if name != "schema" && name != "uiSchema" && name != "translations" {
			settings[name] = member.plain()
		}
	}
	data, err := json.Marshal(settings)
	if err == nil {
		err = json.Unmarshal(data, &d.Settings)
	}
	if err != nil {
		return []Problem{problem("", "réglage refusé : %v", "setting refused: %v", err)}
	}
	if d.Language == "" {
		d.Language = "fr"
	}
	if d.Registration.Prefix == "" {
		d.Registration.Prefix = "G"
	}
	return nil
}

// translate adds the definition in every other language.
func (d *Definition) translate(document *node, base, name string) []Problem {
	var problems []Problem
	translations := document.get("translations")
	if translations == nil {
		return nil
	}
	for _, language := range slices.Sorted(slices.Values(translations.names)) {
		twin := document.copy()
		for _, pointer := range translations.members[language].names {
			at := "/translations/" + language + "/" + escapeToken.Replace(pointer)
			target := twin.at(pointer)
			text, isText := translations.members[language].members[pointer].scalar.(string)
			if target == nil || !isText || target.members != nil || target.array {
				problems = append(problems, problem(at, "il n'y a pas de texte à %s : corrigez ce pointeur", "there is no text at %s: mend this pointer", pointer))
				continue
			}
			target.scalar = text
		}
		other, bad := read(twin, base, language, name)
		if other == nil {
			return append(problems, bad...)
		}
		other.Bytes, other.tongue = d.Bytes, d.tongue
		d.tongue[language] = other
		d.Languages = append(d.Languages, language)
	}
	for _, other := range d.tongue {
		other.Languages = d.Languages
	}
	return problems
}

func problem(pointer, fr, en string, args ...any) Problem {
	return Problem{Pointer: pointer, Reason: Wording{FR: fmt.Sprintf(fr, args...), EN: fmt.Sprintf(en, args...)}}
}

func warning(pointer, fr, en string, args ...any) Problem {
	p := problem(pointer, fr, en, args...)
	p.Warning = true
	return p
}

// known says whether a word is one of those listed.
func known(word string, words ...string) bool { return slices.Contains(words, strings.ToLower(word)) }
