package schemas

import (
	"strconv"
	"strings"
)

var (
	escapeToken   = strings.NewReplacer("~", "~0", "/", "~1")
	unescapeToken = strings.NewReplacer("~1", "/", "~0", "~")
)

// Join adds a property name or an index to a JSON Pointer (RFC 6901).
func Join(pointer, token string) string {
	if strings.ContainsAny(token, "~/") {
		token = escapeToken.Replace(token)
	}
	return pointer + "/" + token
}

// Tokens gives the unescaped tokens of a JSON Pointer; ok is false where it is not one.
func Tokens(pointer string) (tokens []string, ok bool) {
	if pointer == "" {
		return nil, true
	}
	if pointer[0] != '/' {
		return nil, false
	}
	tokens = strings.Split(pointer[1:], "/")
	if strings.Contains(pointer, "~") {
		for i, token := range tokens {
			tokens[i] = unescapeToken.Replace(token)
		}
	}
	return tokens, true
}

// index reads a token as the index of an array: digits without a leading zero.
func index(token string) (int, bool) {
	if token == "" || len(token) > 9 || (token[0] == '0' && len(token) > 1) {
		return 0, false
	}
	for i := range len(token) {
		if token[i] < '0' || token[i] > '9' {
			return 0, false
		}
	}
	n, err := strconv.Atoi(token)
	return n, err == nil
}

// Get gives the value at a JSON Pointer.
func Get(answers any, pointer string) (any, bool) {
	tokens, ok := Tokens(pointer)
	if !ok {
		return nil, false
	}
	value := answers
	for _, token := range tokens {
		switch container := value.(type) {
		case map[string]any:
			if value, ok = container[token]; !ok {
				return nil, false
			}
		case []any:
			i, isIndex := index(token)
			if !isIndex || i >= len(container) {
				return nil, false
			}
			value = container[i]
		default:
			return nil, false
		}
	}
	return value, true
}
