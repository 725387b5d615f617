package schemas

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// messages are the sentences that need no figures, by code or by code and kind of field. They say what to do.
var messages = map[string]Wording{
	"required":         {"Remplissez ce champ.", "Fill in this field."},
	"required choose":  {"Choisissez une réponse.", "Choose an answer."},
	"required several": {"Choisissez au moins une réponse.", "Choose at least one answer."},
	"required boolean": {"Choisissez une réponse.", "Choose an answer."},
	"required group":   {"Ajoutez-en au moins un.", "Add at least one."},
	"required email":   {"Indiquez une adresse électronique, par exemple nom@exemple.fr.", "Give an e-mail address, for example name@example.org."},
	"must":             {"Cochez cette case pour continuer.", "Tick this box to continue."},
	"enum":             {"Choisissez une des réponses proposées.", "Choose one of the answers offered."},
	"const":            {"Cette réponse n’est pas acceptée ici.", "This answer is not accepted here."},
	"unique":           {"Cette réponse est donnée deux fois\u00a0: retirez-en une.", "This answer is given twice: remove one."},
	"pattern":          {"Ce n’est pas écrit sous la forme attendue. Vérifiez votre saisie.", "This is not written in the expected form. Please check it."},
	"email at":         {"Il manque le «\u00a0@\u00a0»\u00a0: par exemple nom@exemple.fr.", "The “@” is missing: for example name@example.org."},
	"email end":        {"Il manque la fin, après le «\u00a0@\u00a0»\u00a0: par exemple nom@exemple.fr.", "The end is missing, after the “@”: for example name@example.org."},
	"email start":      {"Il manque le début, avant le «\u00a0@\u00a0»\u00a0: par exemple nom@exemple.fr.", "The beginning is missing, before the “@”: for example name@example.org."},
	"email":            {"Cette adresse électronique n’est pas complète ou contient une faute\u00a0: par exemple nom@exemple.fr.", "This e-mail address is incomplete or has a mistake in it: for example name@example.org."},
	"uri scheme":       {"L’adresse doit commencer par https://\u00a0: par exemple https://exemple.fr/page.", "The address has to begin with https://, for example https://example.org/page."},
	"uri":              {"Cette adresse n’est pas valable\u00a0: par exemple https://exemple.fr/page.", "This address is not valid: for example https://example.org/page."},
	"date":             {"Cette date n’existe pas ou n’est pas complète\u00a0: par exemple 2019-12-11.", "This date does not exist or is incomplete: for example 2019-12-11."},
	"time":             {"Cette heure n’est pas complète\u00a0: par exemple 14:30:00+01:00.", "This time is incomplete: for example 14:30:00+01:00."},
	"date-time":        {"Cette date et cette heure ne sont pas complètes\u00a0: par exemple 2019-12-11T14:30:00+01:00.", "This date and time are incomplete: for example 2019-12-11T14:30:00+01:00."},
	"format":           {"Ce n’est pas écrit sous la forme attendue. Vérifiez votre saisie.", "This is not written in the expected form. Please check it."},
	"type integer":     {"Écrivez un nombre entier, en chiffres.", "Write a whole number, in figures."},
	"type number":      {"Écrivez un nombre, en chiffres.", "Write a number, in figures."},
	"type":             {"Cette réponse n’est pas du type attendu.", "This answer is not of the expected type."},
	"unknown":          {"Le formulaire ne demande pas cette réponse\u00a0: retirez-la.", "The form does not ask for this answer: remove it."},
	"invalid":          {"Cette réponse n’est pas acceptée. Vérifiez votre saisie.", "This answer is not accepted. Please check it."},
	"nul":              {"Ce texte contient un caractère invisible (NUL) qui ne peut pas être conservé\u00a0: ressaisissez-le.", "This text contains an invisible character (NUL) that cannot be kept: type it again."},
	"utf8":             {"Ce texte contient des caractères illisibles (UTF-8 non valable)\u00a0: ressaisissez-le.", "This text contains unreadable characters (invalid UTF-8): type it again."},
	"depth":            {"Ces réponses sont imbriquées sur plus de 32 niveaux\u00a0: simplifiez-les.", "These answers are nested more than 32 levels deep: make them simpler."},
	"range":            {"Ce nombre est trop grand\u00a0: au plus 9 007 199 254 740 992.", "This number is too large: at most 9,007,199,254,740,992."},
	"twice":            {"Cette propriété est donnée deux fois\u00a0: gardez-en une.", "This property is given twice: keep one."},
	"object":           {"Les réponses doivent former un objet JSON\u00a0: {\"champ\": \"réponse\"}.", "The answers have to be a JSON object: {\"field\": \"answer\"}."},
	"json":             {"Ce n’est pas du JSON valable\u00a0: %s.", "This is not valid JSON: %s."},
}

// say gives a sentence by its key.
func say(key, language string, args ...any) string {
	text := messages[key].In(language)
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return text
}

// explain says how to mend an answer. field may be nil.
func explain(code string, k jsonschema.ErrorKind, field *Field, language string) string {
	if text := explainBound(k, field, language); text != "" {
		return text
	}
	of := func(key string) string { return say(key, language) }
	var shape Kind
	if field != nil {
		shape = field.Kind
	}
	switch code {
	case "required":
		if field != nil && field.Format == "email" {
			return of("required email")
		}
		if shape == Boolean && field.MustBe {
			return of("must")
		}
		if _, worded := messages["required "+string(shape)]; worded {
			return of("required " + string(shape))
		}
	case "const":
		if shape == Boolean && field.MustBe {
			return of("must")
		}
		if shape == Choose {
			return of("enum")
		}
	case "type":
		if shape == Integer || shape == Number {
			return of("type " + string(shape))
		}
		if wanted, ok := k.(*kind.Type); ok && wanted.Got == "null" {
			return explain("required", nil, field, language)
		}
	case "format":
		if format, ok := k.(*kind.Format); ok {
			return of(formatKey(format))
		}
	}
	if _, worded := messages[code]; worded {
		return of(code)
	}
	return of("invalid")
}

// formatKey tells what exactly is wrong with a text of a known format.
func formatKey(format *kind.Format) string {
	text, _ := format.Got.(string)
	switch format.Want {
	case "email", "idn-email":
		start, end, at := strings.Cut(text, "@")
		switch {
		case !at:
			return "email at"
		case end == "":
			return "email end"
		case start == "":
			return "email start"
		}
		return "email"
	case "uri", "url":
		if !strings.Contains(text, "://") {
			return "uri scheme"
		}
		return "uri"
	case "date", "time", "date-time":
		return format.Want
	}
	return "format"
}

// explainBound words the errors that have figures in them; "" for others.
func explainBound(k jsonschema.ErrorKind, field *Field, language string) string {
	french := language != "en"
	count := func(n int, frOne, frMany, enOne, enMany string) string {
		word := enMany
		switch {
		case french && n < 2:
			word = frOne
		case french:
			word = frMany
		case n == 1:
			word = enOne
		}
		return fmt.Sprintf("%d %s", n, word)
	}
	pick := func(fr, en string, args ...any) string { return fmt.Sprintf(Wording{fr, en}.In(language), args...) }
	characters := func(n int) string { return count(n, "caractère", "caractères", "character", "characters") }
	answers := func(n int) string {
		if field != nil && field.Kind == Several {
			return count(n, "réponse", "réponses", "answer", "answers")
		}
		return count(n, "élément", "éléments", "item", "items")
	}
	switch k := k.(type) {
	case *kind.MinLength:
		if k.Got == 0 {
			return explain("required", nil, field, language)
		}
		return pick("Écrivez au moins %s\u00a0: il y en a %d.", "Write at least %s: there are %d.", characters(k.Want), k.Got)
	case *kind.MaxLength:
		return pick("Écrivez au plus %s\u00a0: il y en a %d de trop.", "Write at most %s: there are %d too many.", characters(k.Want), k.Got-k.Want)
	case *kind.Minimum:
		return pick("Indiquez un nombre d’au moins %s.", "Give a number of at least %s.", decimal(k.Want, french))
	case *kind.Maximum:
		return pick("Indiquez un nombre d’au plus %s.", "Give a number of at most %s.", decimal(k.Want, french))
	case *kind.ExclusiveMinimum:
		return pick("Indiquez un nombre plus grand que %s.", "Give a number greater than %s.", decimal(k.Want, french))
	case *kind.ExclusiveMaximum:
		return pick("Indiquez un nombre plus petit que %s.", "Give a number smaller than %s.", decimal(k.Want, french))
	case *kind.MultipleOf:
		return pick("Indiquez un multiple de %s.", "Give a multiple of %s.", decimal(k.Want, french))
	case *kind.MinItems:
		if k.Want == 1 {
			return explain("required", nil, field, language)
		}
		return pick("Il en faut au moins %s\u00a0: il y en a %d.", "At least %s are needed: there are %d.", answers(k.Want), k.Got)
	case *kind.MaxItems:
		return pick("Il en faut au plus %s\u00a0: retirez-en %d.", "At most %s are accepted: remove %d.", answers(k.Want), k.Got-k.Want)
	}
	return ""
}

// decimal writes a bound as people read it.
func decimal(bound *big.Rat, french bool) string {
	text := strings.TrimSuffix(bound.RatString(), "/1")
	if !bound.IsInt() {
		text = strings.TrimRight(bound.FloatString(6), "0")
	}
	if french {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}
