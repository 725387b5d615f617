package forms

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"guichet/schemas"
)

var (
	slugs   = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$`)
	notSlug = regexp.MustCompile(`[^a-z0-9]+`)
)

// chooseSlug gives the slug that was asked for, else the definition's, else one made from the file's name.
func chooseSlug(asked, own, file string) (string, error) {
	slug := cmp.Or(asked, own, slugOf(file))
	if !slugs.MatchString(slug) {
		return "", &Error{Code: Invalid, Message: schemas.Wording{
			FR: fmt.Sprintf("«\u00a0%s\u00a0» ne peut pas servir d’adresse\u00a0: prenez de 1 à 64 minuscules sans accent, chiffres ou tirets, par exemple journee-2019.", slug),
			EN: fmt.Sprintf("“%s” cannot be an address: take 1 to 64 lower-case letters without accents, digits or hyphens, for example day-2019.", slug),
		}}
	}
	return slug, nil
}

// slugOf makes a slug of a file's name: "Journée d'été.json" gives "journee-d-ete".
func slugOf(file string) string {
	name := strings.ToLower(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)))
	name = strings.NewReplacer("œ", "oe", "æ", "ae").Replace(name)
	if plain, _, err := transform.String(transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn))), name); err == nil {
		name = plain
	}
	return strings.Trim(notSlug.ReplaceAllString(name, "-"), "-")
}
