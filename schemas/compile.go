package schemas

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// location is the name under which a definition's schema is compiled. It resolves to nothing.
const location = "guichet:///definition"

// sealed refuses every reference out of the definition: by default the library reads local files.
type sealed struct{}

var errOutside = errors.New("references may only point into the definition")

func (sealed) Load(string) (any, error) { return nil, errOutside }

func newCompiler() *jsonschema.Compiler {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7) // 2020-12 would silently ignore dependencies and tuples
	compiler.UseLoader(sealed{})
	compiler.UseRegexpEngine(compilePattern)
	compiler.AssertFormat()
	for _, format := range formats() {
		compiler.RegisterFormat(format)
	}
	return compiler
}

// compileAt compiles a schema; base is its pointer in the definition, for problems.
func compileAt(schema *node, base string) (*jsonschema.Schema, []Problem) {
	compiler := newCompiler()
	if err := compiler.AddResource(location, schema.plain()); err != nil {
		return nil, []Problem{{Pointer: base, Reason: foreign(err)}}
	}
	compiled, err := compiler.Compile(location)
	if err != nil {
		return nil, schemaProblems(err, base)
	}
	return compiled, nil
}

// schemaProblems says where and why a schema does not compile.
func schemaProblems(err error, base string) []Problem {
	var (
		invalid   *jsonschema.SchemaValidationError
		expr      *jsonschema.InvalidRegexError
		load      *jsonschema.LoadURLError
		reference *jsonschema.JSONPointerNotFoundError
		anchor    *jsonschema.AnchorNotFoundError
		draft     *jsonschema.UnsupportedDraftError
	)
	switch {
	case errors.As(err, &invalid):
		var detail *jsonschema.ValidationError
		if errors.As(invalid.Err, &detail) {
			var problems []Problem
			for _, leaf := range leaves(detail, nil) {
				problems = append(problems, Problem{Pointer: base + pointerOf(leaf.InstanceLocation), Reason: settingReason(leaf.ErrorKind)})
			}
			return problems
		}
	case errors.As(err, &expr):
		return []Problem{{Pointer: base + fragment(expr.URL), Reason: Wording{
			FR: fmt.Sprintf("l'expression régulière %q n'est pas valable (ECMA-262) : %v", expr.Regex, expr.Err),
			EN: fmt.Sprintf("the pattern %q is not a valid regular expression (ECMA-262): %v", expr.Regex, expr.Err),
		}}}
	case errors.As(err, &load):
		return []Problem{{Pointer: base, Reason: Wording{
			FR: fmt.Sprintf("la référence %q sort de la définition : copiez-y ce qu'elle désigne", load.URL),
			EN: fmt.Sprintf("the reference %q leaves the definition: copy what it points at into it", load.URL),
		}}}
	case errors.As(err, &reference):
		return []Problem{{Pointer: base, Reason: Wording{
			FR: fmt.Sprintf("la référence %q ne mène nulle part", strings.TrimPrefix(reference.URL, location)),
			EN: fmt.Sprintf("the reference %q leads nowhere", strings.TrimPrefix(reference.URL, location)),
		}}}
	case errors.As(err, &anchor):
		return []Problem{{Pointer: base, Reason: Wording{
			FR: fmt.Sprintf("la référence %q ne mène nulle part", anchor.Reference),
			EN: fmt.Sprintf("the reference %q leads nowhere", anchor.Reference),
		}}}
	case errors.As(err, &draft):
		return []Problem{{Pointer: base + "/$schema", Reason: Wording{
			FR: "$schema ne désigne aucune version connue de JSON Schema : 04, 06, 07, 2019-09 ou 2020-12",
			EN: "$schema names no known version of JSON Schema: 04, 06, 07, 2019-09 or 2020-12",
		}}}
	}
	return []Problem{{Pointer: base, Reason: foreign(err)}}
}

// foreign words an error of a library, which speaks English only.
func foreign(err error) Wording {
	text := strings.ReplaceAll(err.Error(), location, "")
	return Wording{FR: "schéma refusé : " + text, EN: "schema refused: " + text}
}

// fragment gives the JSON Pointer in the fragment of a schema's location.
func fragment(location string) string {
	_, pointer, _ := strings.Cut(location, "#")
	if unescaped, err := url.PathUnescape(pointer); err == nil {
		return unescaped
	}
	return pointer
}

func pointerOf(tokens []string) string {
	pointer := ""
	for _, token := range tokens {
		pointer = Join(pointer, token)
	}
	return pointer
}
