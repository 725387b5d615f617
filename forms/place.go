package forms

import (
	"slices"
	"strings"

	"guichet/schemas"
)

// PlaceName names what places are counted of: a choice of the field at a pointer, "/ateliers=geo".
// "=" in the pointer becomes "~2", which no JSON Pointer holds, so that two choices never share a name.
func PlaceName(pointer, choice string) string {
	return strings.ReplaceAll(pointer, "=", "~2") + "=" + choice
}

// ParsePlace is the reverse of PlaceName. The form itself, "", gives two empty strings.
func ParsePlace(name string) (pointer, choice string) {
	pointer, choice, _ = strings.Cut(name, "=")
	return strings.ReplaceAll(pointer, "~2", "="), choice
}

// limits gives every limit of a definition, by name.
func limits(definition *schemas.Definition) []Claim {
	var claims []Claim
	if places := definition.Registration.Places; places > 0 {
		claims = append(claims, Claim{Name: "", Limit: places})
	}
	for pointer, choices := range definition.Registration.Choices {
		for choice, places := range choices {
			claims = append(claims, Claim{Name: PlaceName(pointer, choice), Limit: places})
		}
	}
	slices.SortFunc(claims, func(a, b Claim) int { return strings.Compare(a.Name, b.Name) })
	return claims
}

// limited gives those of the places that a definition limits.
func limited(definition *schemas.Definition, places []string) []Claim {
	registration := definition.Registration
	var claims []Claim
	for _, name := range places {
		limit, isLimited := registration.Places, registration.Places > 0
		if name != "" {
			pointer, choice := ParsePlace(name)
			limit, isLimited = registration.Choices[pointer][choice]
		}
		if isLimited {
			claims = append(claims, Claim{Name: name, Limit: limit})
		}
	}
	return claims
}

// places gives the names of all that an answer takes, limited or not, so that a limit set later counts it: the form,
// and each choice of a field that no group repeats.
func places(fields *schemas.Field, answers schemas.Answers) []string {
	return appendPlaces([]string{""}, fields, answers)
}

func appendPlaces(names []string, field *schemas.Field, value any) []string {
	switch field.Kind {
	case schemas.Object:
		object, _ := value.(map[string]any)
		for _, child := range field.Fields {
			if member, there := object[child.Name]; there {
				names = appendPlaces(names, child, member)
			}
		}
	case schemas.Choose:
		for _, choice := range field.Choices {
			if choice.Value == value {
				return append(names, PlaceName(field.Pointer, choice.Key))
			}
		}
	case schemas.Several:
		chosen, _ := value.([]any)
		for _, choice := range field.Choices {
			if slices.Contains(chosen, choice.Value) {
				names = append(names, PlaceName(field.Pointer, choice.Key))
			}
		}
	}
	return names
}
