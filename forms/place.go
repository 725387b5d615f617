package forms

import "strings"

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
