package schemas

import (
	"maps"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// prune removes from value what only an inactive branch describes, in place, until nothing changes: an answer that goes
// may decide another condition.
func (d *Definition) prune(answers Answers) {
	for range maxFields {
		if !d.pruneOnce([]*jsonschema.Schema{d.root}, answers) {
			return
		}
	}
}

func (d *Definition) pruneOnce(schemas []*jsonschema.Schema, value any) (changed bool) {
	switch value := value.(type) {
	case map[string]any:
		active := d.rules.flatten(schemas, value, activeBranch)
		var every []*jsonschema.Schema
		for name, member := range value {
			described := properties(active, name, activeBranch)
			if len(described) > 0 {
				changed = d.pruneOnce(described, member) || changed
				continue
			}
			if every == nil {
				every = d.rules.flatten(schemas, nil, everyBranch)
			}
			if len(properties(every, name, everyBranch)) > 0 {
				delete(value, name)
				changed = true
			}
		}
	case []any:
		active := d.rules.flatten(schemas, value, activeBranch)
		for i, element := range value {
			changed = d.pruneOnce(items(active, i), element) || changed
		}
	}
	return changed
}

// drop removes what no branch describes, in place, and gives its pointers, sorted.
func (d *Definition) drop(answers Answers) []string {
	var ignored []string
	d.dropFrom([]*jsonschema.Schema{d.root}, answers, "", &ignored)
	slices.Sort(ignored)
	return ignored
}

func (d *Definition) dropFrom(schemas []*jsonschema.Schema, value any, pointer string, ignored *[]string) {
	switch value := value.(type) {
	case map[string]any:
		every := d.rules.flatten(schemas, value, everyBranch)
		for _, name := range slices.Collect(maps.Keys(value)) {
			described := properties(every, name, everyBranch)
			if len(described) == 0 {
				delete(value, name)
				*ignored = append(*ignored, Join(pointer, name))
				continue
			}
			d.dropFrom(described, value[name], Join(pointer, name), ignored)
		}
	case []any:
		every := d.rules.flatten(schemas, value, everyBranch)
		for i, element := range value {
			d.dropFrom(items(every, i), element, pointer+"/"+strconv.Itoa(i), ignored)
		}
	}
}
