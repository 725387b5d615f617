package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// node is one JSON value of a definition. Go maps lose the order of properties, which is the order on the page:
// a node keeps it.
type node struct {
	names   []string         // of an object, in file order
	members map[string]*node // not nil: an object
	array   bool
	items   []*node
	scalar  any // string, json.Number, bool or nil
}

const maxDefinitionDepth = 100

// readNode reads one JSON document.
func readNode(data []byte) (*node, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	root, err := decodeNode(decoder, 0)
	if err == nil {
		if _, extra := decoder.Token(); extra != io.EOF {
			err = errors.New("there is more after the end of the document")
		}
	}
	if err != nil {
		line := 1 + bytes.Count(data[:min(int(decoder.InputOffset()), len(data))], []byte("\n"))
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
	return root, nil
}

func decodeNode(decoder *json.Decoder, depth int) (*node, error) {
	if depth > maxDefinitionDepth {
		return nil, fmt.Errorf("nested more than %d deep", maxDefinitionDepth)
	}
	token, err := decoder.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		n := &node{members: map[string]*node{}}
		for decoder.More() {
			key, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			name := key.(string)
			if _, twice := n.members[name]; twice {
				return nil, fmt.Errorf("the property %q is there twice", name)
			}
			member, err := decodeNode(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			n.names = append(n.names, name)
			n.members[name] = member
		}
		_, err = decoder.Token()
		return n, err
	case json.Delim('['):
		n := &node{array: true}
		for decoder.More() {
			item, err := decodeNode(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, item)
		}
		_, err = decoder.Token()
		return n, err
	}
	return &node{scalar: token}, nil
}

// get follows property names; it gives nil where one is missing. A nil node has no members.
func (n *node) get(names ...string) *node {
	for _, name := range names {
		if n == nil {
			return nil
		}
		n = n.members[name]
	}
	return n
}

// at follows a JSON Pointer; it gives nil where there is nothing.
func (n *node) at(pointer string) *node {
	tokens, ok := Tokens(pointer)
	if !ok {
		return nil
	}
	for _, token := range tokens {
		switch {
		case n == nil:
			return nil
		case n.array:
			i, ok := index(token)
			if !ok || i >= len(n.items) {
				return nil
			}
			n = n.items[i]
		default:
			n = n.members[token]
		}
	}
	return n
}

// list gives the items of an array, none of anything else.
func (n *node) list() []*node {
	if n == nil {
		return nil
	}
	return n.items
}

// text gives a string, "" for anything else.
func (n *node) text() string {
	if n == nil {
		return ""
	}
	s, _ := n.scalar.(string)
	return s
}

// whole gives an integer, nil for anything else.
func (n *node) whole() *int {
	if n == nil {
		return nil
	}
	if number, ok := n.scalar.(json.Number); ok {
		if i, err := strconv.Atoi(number.String()); err == nil {
			return &i
		}
	}
	return nil
}

// float gives a number, nil for anything else.
func (n *node) float() *float64 {
	if n == nil {
		return nil
	}
	if number, ok := n.scalar.(json.Number); ok {
		if f, err := number.Float64(); err == nil {
			return &f
		}
	}
	return nil
}

// plain gives the value as jsonschema and encoding/json take it.
func (n *node) plain() any {
	switch {
	case n == nil:
		return nil
	case n.members != nil:
		object := make(map[string]any, len(n.members))
		for name, member := range n.members {
			object[name] = member.plain()
		}
		return object
	case n.array:
		array := make([]any, len(n.items))
		for i, item := range n.items {
			array[i] = item.plain()
		}
		return array
	}
	return n.scalar
}

// copy gives a deep copy, which translations may write into.
func (n *node) copy() *node {
	if n == nil {
		return nil
	}
	twin := &node{names: n.names, array: n.array, scalar: n.scalar}
	if n.members != nil {
		twin.members = make(map[string]*node, len(n.members))
		for name, member := range n.members {
			twin.members[name] = member.copy()
		}
	}
	for _, item := range n.items {
		twin.items = append(twin.items, item.copy())
	}
	return twin
}
