package schemas

import (
	"errors"
	"fmt"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/go-playground/validator/v10"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// patternTime is how long one pattern may look at one answer: patterns with lookaheads can take exponential time.
const patternTime = 50 * time.Millisecond

// pattern is a regular expression as ECMA-262 has it, which is what JSON Schema says patterns are: six in seventy-five
// patterns of real public forms do not compile with Go's own package.
type pattern struct {
	source string
	regexp *regexp2.Regexp
}

func compilePattern(source string) (jsonschema.Regexp, error) {
	if len(source) > 2000 {
		return nil, errors.New("longer than 2000 characters")
	}
	compiled, err := regexp2.Compile(source, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		// Patterns written without the u flag may escape what the flag forbids: "\-".
		if compiled, err = regexp2.Compile(source, regexp2.ECMAScript); err != nil {
			return nil, err
		}
	}
	compiled.MatchTimeout = patternTime
	return &pattern{source, compiled}, nil
}

func (p *pattern) String() string { return p.source }

// MatchString says whether the pattern occurs in s; one that takes too long does not match.
func (p *pattern) MatchString(s string) bool {
	matched, err := p.regexp.MatchString(s)
	return err == nil && matched
}

// formats are the formats that validator/v10 judges better than a JSON Schema library does.
func formats() []*jsonschema.Format {
	validate := validator.New(validator.WithRequiredStructEnabled())
	judge := func(name, tag string) *jsonschema.Format {
		return &jsonschema.Format{Name: name, Validate: func(value any) error {
			text, ok := value.(string)
			if !ok || validate.Var(text, tag) == nil {
				return nil
			}
			return fmt.Errorf("not %s", name)
		}}
	}
	return []*jsonschema.Format{
		judge("email", "email"),
		judge("idn-email", "email"),
		judge("uri", "uri"),
		judge("url", "url"),
	}
}
