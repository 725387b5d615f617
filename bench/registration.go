package bench

import (
	"fmt"
	"sync/atomic"
	"time"

	"guichet/forms"
)

var serial atomic.Int64

// Registration gives a submission of about 1 kB to the form "f", unlike all others of this process.
func Registration() forms.Submission {
	n := serial.Add(1)
	at := time.UnixMilli(1575997200000 + n)
	return forms.Submission{
		ID: fmt.Sprintf("0193b3f0-0000-7000-8000-%012d", n), Form: "f", Version: 1, Reference: fmt.Sprintf("T-%09d", n), Status: forms.Confirmed, Language: "fr",
		Created: at, Updated: at, Key: fmt.Sprintf("%064d", n), Digest: fmt.Sprintf("%064d", n), Places: []string{"", "/ateliers=geo"},
		Answers: fmt.Appendf(nil, `{"prenom":"Camille","nom":"Exemple %d","email":"participant%d@exemple.fr","resume":"%0600d"}`, n, n, n),
	}
}
