package exports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/sync/semaphore"
)

// Exporter makes exports as complete files, at most max(1, CPUs/2) at once; the others wait in order.
type Exporter struct {
	dir   string
	turns *semaphore.Weighted
}

// NewExporter keeps its temporary files in dir.
func NewExporter(dir string) *Exporter {
	return &Exporter{dir: dir, turns: semaphore.NewWeighted(int64(max(1, runtime.NumCPU()/2)))}
}

// File is a complete export. Closing it removes it.
type File interface {
	io.ReadCloser
	Size() int64
}

// File runs write into a temporary file and gives it back complete, at its beginning; closing it removes it. An error
// of write comes back and leaves nothing behind.
func (e *Exporter) File(ctx context.Context, write func(context.Context, io.Writer) error) (File, error) {
	if err := e.turns.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer e.turns.Release(1)
	file, err := os.CreateTemp(e.dir, "export-*")
	if err != nil {
		return nil, fmt.Errorf("no temporary file for an export: %w", err)
	}
	// Gone from the folder at once: a process that is killed leaves nothing behind.
	complete := &complete{File: file}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if err := write(ctx, file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if complete.size, err = file.Seek(0, io.SeekEnd); err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return complete, nil
}

type complete struct {
	*os.File
	size int64
}

func (c *complete) Size() int64 { return c.size }
