package forms_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// TestParallelPublishing publishes from two processes at once: each definition becomes a version, one after the other.
func TestParallelPublishing(t *testing.T) {
	d := newDesk(t)
	other := another(t, d.store, d.clock)
	var wait sync.WaitGroup
	for i := range 8 {
		service := []*desk{d, other}[i%2]
		wait.Go(func() {
			if _, err := service.Publish(t.Context(), "f.json", "f", []byte(workshops+strings.Repeat(" ", i))); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	seen := map[string]bool{}
	for number := 1; number <= 8; number++ {
		version, err := d.Version(t.Context(), "f", number)
		if err != nil {
			t.Fatal(err)
		}
		seen[fmt.Sprint(len(version.Bytes))] = true
	}
	if form, err := d.Form(t.Context(), "f"); err != nil || form.Version != 8 || form.Revision != 8 || len(seen) != 8 {
		t.Errorf("form = %+v, error %v, %d different versions; want 8", form, err, len(seen))
	}
}
