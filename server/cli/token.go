package cli

import (
	"fmt"
	"runtime/debug"

	"guichet/forms"
)

type tokenCommands struct {
	Create tokenCommand `cmd:"" help:"Create a token and print it, once."`
}

type tokenCommand struct {
	Form  string `required:"" placeholder:"SLUG" help:"The form it is for."`
	Scope string `required:"" enum:"read,admin" placeholder:"SCOPE" help:"read: submissions and lists; admin: also publish, open and close."`
}

func (c tokenCommand) Run(p *program) error {
	return p.with(func(service *forms.Service) error {
		secret, err := service.CreateToken(p.ctx, forms.Token{Form: c.Form, Scope: forms.Scope(c.Scope)})
		if err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, secret)
		return nil
	})
}

type versionCommand struct{}

func (versionCommand) Run(p *program) error {
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	fmt.Fprintln(p.stdout, "guichet", version)
	return nil
}
