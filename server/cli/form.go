package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"guichet/forms"
	"guichet/schemas"
)

type formCommands struct {
	Check   checkCommand   `cmd:"" help:"Check definitions; problems come as file:pointer: reason."`
	Publish publishCommand `cmd:"" help:"Publish a definition: a new form, as a draft, or its next version."`
	List    listCommand    `cmd:"" help:"List the forms."`
	Show    showCommand    `cmd:"" help:"Print a form's definition, byte for byte."`
	Open    openCommand    `cmd:"" help:"Open a form to the public."`
	Close   closeCommand   `cmd:"" help:"Close a form."`
}

type checkCommand struct {
	Files   []string `arg:"" name:"file" help:"Definition, or bare JSON Schema."`
	Answers string   `placeholder:"FILE" help:"Is this answer accepted by each of them?"`
	JSON    bool     `help:"Print problems as JSON."`
}

// found is a problem as check prints it.
type found struct {
	File    string `json:"file"`
	Pointer string `json:"pointer"`
	Reason  string `json:"reason"`
	Warning bool   `json:"warning"`
}

func (c checkCommand) Run(p *program) error {
	problems := []found{}
	bad := 0
	note := func(f found) {
		problems = append(problems, f)
		if !f.Warning {
			bad++
		}
	}
	for _, file := range c.Files {
		definition, err := c.definition(file, note)
		if err != nil {
			return err
		}
		if definition != nil && c.Answers != "" {
			if err := c.answers(definition, note); err != nil {
				return err
			}
		}
	}
	if c.JSON {
		encoder := json.NewEncoder(p.stdout)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(problems); err != nil {
			return err
		}
	} else {
		for _, f := range problems {
			kind := ""
			if f.Warning {
				kind = "warning: "
			}
			fmt.Fprintf(p.stdout, "%s:%s: %s%s\n", f.File, f.Pointer, kind, f.Reason)
		}
	}
	if bad > 0 {
		return failf("%d problem(s) found", bad)
	}
	return nil
}

func (c checkCommand) definition(file string, note func(found)) (*schemas.Definition, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	definition, problems := forms.Check(file, data)
	for _, problem := range problems {
		note(found{file, problem.Pointer, problem.Reason.EN, problem.Warning})
	}
	return definition, nil
}

func (c checkCommand) answers(definition *schemas.Definition, note func(found)) error {
	data, err := os.ReadFile(c.Answers)
	if err != nil {
		return err
	}
	answers, violations := schemas.DecodeJSON(data, "en")
	if violations == nil {
		var accepted schemas.Accepted
		accepted, violations = definition.InMessages("en").Accept(answers)
		for _, pointer := range accepted.Ignored {
			note(found{c.Answers, pointer, "no question asks for this: it would be dropped", true})
		}
	}
	for _, violation := range violations {
		note(found{c.Answers, violation.Pointer, violation.Message, false})
	}
	return nil
}

type publishCommand struct {
	File string `arg:"" help:"Definition, or bare JSON Schema."`
	Slug string `help:"The form's address; default: the definition's slug, or the file's name."`
}

func (c publishCommand) Run(p *program) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	return p.with(func(service *forms.Service) error {
		published, err := service.Publish(p.ctx, c.File, c.Slug, data)
		if err != nil {
			return err
		}
		for _, warning := range published.Warnings {
			fmt.Fprintln(p.stderr, "warning:", warning)
		}
		slug := published.Form.Slug
		switch {
		case !published.Changed:
			fmt.Fprintf(p.stderr, "%s is version %d already\n", filepath.Base(c.File), published.Version.Number)
		case published.Form.State == forms.Draft:
			fmt.Fprintf(p.stderr, "version %d, a draft: open it with guichet form open %s\n", published.Version.Number, slug)
		default:
			fmt.Fprintf(p.stderr, "version %d\n", published.Version.Number)
		}
		fmt.Fprintf(p.stdout, "%s/f/%s\n", p.address(p.Listen), slug)
		return nil
	})
}

type listCommand struct{}

func (listCommand) Run(p *program) error {
	return p.with(func(service *forms.Service) error {
		for form, err := range service.Forms(p.ctx) {
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "%s\t%s\tversion %d\t%s\n", form.Slug, form.State, form.Version, form.Updated.Format("2006-01-02 15:04 MST"))
		}
		return nil
	})
}

type showCommand struct {
	Slug string `arg:"" help:"The form's address."`
}

func (c showCommand) Run(p *program) error {
	return p.with(func(service *forms.Service) error {
		form, err := service.Form(p.ctx, c.Slug)
		if err != nil {
			return err
		}
		version, err := service.Version(p.ctx, c.Slug, form.Version)
		if err != nil {
			return err
		}
		_, err = p.stdout.Write(version.Bytes)
		return err
	})
}

type openCommand struct {
	Slug string `arg:"" help:"The form's address."`
}

func (c openCommand) Run(p *program) error { return p.setState(c.Slug, forms.Open) }

type closeCommand struct {
	Slug string `arg:"" help:"The form's address."`
}

func (c closeCommand) Run(p *program) error { return p.setState(c.Slug, forms.Closed) }

func (p *program) setState(slug string, state forms.State) error {
	return p.with(func(service *forms.Service) error {
		form, err := service.SetState(p.ctx, slug, state)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%s is %s: %s/f/%s\n", form.Slug, form.State, p.address(p.Listen), form.Slug)
		return nil
	})
}
