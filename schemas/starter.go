package schemas

import (
	"embed"
)

//go:embed bluehats-poss-2019.json
var starters embed.FS

// StarterNames gives the names of the starter forms, the first being the one to show first.
func StarterNames() []string {
	return []string{"bluehats-poss-2019.json"}
}

// Starter gives a starter form's definition.
func Starter(name string) ([]byte, error) { return starters.ReadFile(name) }
