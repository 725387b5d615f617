// Package bench compares what Guichet does with a bound measured in the same run: machines differ, ratios hold.
package bench

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// rounds is how often both sides are measured, one after the other, so that what else the machine does falls on both.
const rounds = 5

// Row is one comparison. Ours and Bound measure once and give a figure in Unit.
type Row struct {
	Name        string
	Unit        string
	Ours, Bound func() float64
	AtLeast     float64 // of Ours/Bound, where more is better; 0 where AtMost counts
	AtMost      float64 // of Ours/Bound, where less is better
}

// Print measures a row and prints its medians, their ratio, and whether the ratio is good.
func (r Row) Print() {
	var ours, bound []float64
	for range rounds {
		bound = append(bound, r.Bound())
		ours = append(ours, r.Ours())
	}
	ratio := median(ours) / median(bound)
	rule, good := fmt.Sprintf(">= %.2f", r.AtLeast), ratio >= r.AtLeast
	if r.AtMost > 0 {
		rule, good = fmt.Sprintf("<= %.2f", r.AtMost), ratio <= r.AtMost
	}
	verdict := "good"
	if !good {
		verdict = "MISSED"
	}
	fmt.Printf("%-58s %11.1f / %11.1f %-6s = %6.2f  %-8s %s\n", r.Name, median(ours), median(bound), r.Unit, ratio, rule, verdict)
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// Rate runs work in so many goroutines for a while and gives how often it was done per second. It panics where work fails: a figure
// with failures in it means nothing.
func Rate(goroutines int, lasting time.Duration, work func() error) float64 {
	var done atomic.Int64
	var wait sync.WaitGroup
	begun := time.Now()
	for range goroutines {
		wait.Go(func() {
			for time.Since(begun) < lasting {
				if err := work(); err != nil {
					panic(err)
				}
				done.Add(1)
			}
		})
	}
	wait.Wait()
	return float64(done.Load()) / time.Since(begun).Seconds()
}

// Each gives how many microseconds work takes, the mean over a while in one goroutine.
func Each(lasting time.Duration, work func() error) float64 {
	return 1e6 / Rate(1, lasting, work)
}
