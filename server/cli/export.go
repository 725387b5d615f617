package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guichet/exports"
	"guichet/forms"
)

type exportCommand struct {
	Slug   string `arg:"" help:"The form's address."`
	List   string `placeholder:"ID" help:"One list, such as participants or atelier:geo; default: the whole workbook."`
	Format string `enum:"xlsx,csv,json" default:"xlsx" help:"xlsx, csv or json; default: ${default}."`
	Output string `placeholder:"FILE" help:"File to write, or - for standard output; default: a file named after the form, here."`
}

func (c exportCommand) Run(p *program) error {
	if c.List == "" && c.Format != "xlsx" {
		return failf("the whole workbook is xlsx only: choose one list with --list ID, such as --list participants")
	}
	return p.with(func(service *forms.Service) error {
		source, err := exports.Open(p.ctx, service, c.Slug, time.Now())
		if err != nil {
			return err
		}
		write := func(ctx context.Context, w io.Writer) error {
			if c.List == "" {
				return exports.Workbook(ctx, w, source)
			}
			return exports.Write(ctx, w, source, c.List, exports.Format(c.Format))
		}
		if c.Output == "-" {
			return c.print(p, write)
		}
		return c.save(p, write)
	})
}

// print writes to standard output, once the whole export is there.
func (c exportCommand) print(p *program, write func(context.Context, io.Writer) error) error {
	file, err := exports.NewExporter("").File(p.ctx, write)
	if err != nil {
		return err
	}
	_, err = io.Copy(p.stdout, file)
	return errors.Join(err, file.Close())
}

// save writes beside the file and renames at the end: half an export never has its name.
func (c exportCommand) save(p *program, write func(context.Context, io.Writer) error) error {
	path := c.Output
	if path == "" {
		path = c.Slug
		if c.List != "" {
			path += "-" + strings.ReplaceAll(c.List, ":", "-")
		}
		path += "." + c.Format
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".guichet-export-*")
	if err != nil {
		return failf("cannot write to %s: %v; choose another place with --output FILE", filepath.Dir(path), err)
	}
	err = write(p.ctx, file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	fmt.Fprintln(p.stdout, path)
	return nil
}
