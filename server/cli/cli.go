// Package cli is the commands of Guichet and the wiring behind them.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"guichet/forms"
)

// Exit codes.
const (
	done    = 0
	refused = 1
	misused = 2
)

// commands is the command tree.
type commands struct {
	settings
	Demo    demoCommand    `cmd:"" help:"Serve with the starter forms and sample registrations, in guichet-demo/."`
	Serve   serveCommand   `cmd:"" help:"Serve."`
	Form    formCommands   `cmd:"" help:"Check, publish, list, show, open and close forms."`
	Export  exportCommand  `cmd:"" help:"Write a form's workbook, or one of its lists."`
	Token   tokenCommands  `cmd:"" help:"Create tokens for programs."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// settings are the flags of every command.
type settings struct {
	Store     string `env:"GUICHET_STORE" placeholder:"STORE" help:"Where forms are kept: sqlite:PATH or mongodb://... Default: sqlite:guichet-data/guichet.db."`
	Data      string `env:"GUICHET_DATA" placeholder:"DIR" help:"Folder for temporary files. Default: guichet-data."`
	Listen    string `env:"GUICHET_LISTEN" placeholder:"ADDR" default:"127.0.0.1:8080" help:"Address to serve on; port 0 picks one. Default: ${default}."`
	BaseURL   string `env:"GUICHET_BASE_URL" placeholder:"URL" name:"base-url" help:"What links begin with. Default: http://ADDR."`
	Publisher string `env:"GUICHET_PUBLISHER" placeholder:"NAME" help:"Who runs this service, for the legal notice."`
}

// program is what a command runs in.
type program struct {
	settings
	ctx    context.Context
	stdout io.Writer
	stderr io.Writer
}

// failure is an error that is already worded for the terminal.
type failure struct{ text string }

func (f failure) Error() string { return f.text }

func failf(format string, args ...any) error { return failure{fmt.Sprintf(format, args...)} }

// Run runs a command and gives the exit code. Errors are one line on stderr.
func Run(args []string, stdout, stderr io.Writer) (code int) {
	var tree commands
	exited := -1
	parser, err := kong.New(&tree, kong.Name("guichet"), kong.Description("Registration forms for public events."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exited = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(stderr, "guichet:", err)
		return refused
	}
	command, err := parser.Parse(args)
	if exited >= 0 { // --help
		return exited
	}
	if err != nil {
		fmt.Fprintf(stderr, "guichet: %v; see guichet --help\n", err)
		return misused
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err = command.Run(&program{settings: tree.settings, ctx: ctx, stdout: stdout, stderr: stderr})
	if err != nil {
		fmt.Fprintln(stderr, "guichet:", line(err))
		return refused
	}
	return done
}

// line words an error on one line.
func line(err error) string {
	var definition *forms.DefinitionError
	if errors.As(err, &definition) {
		var lines []string
		for _, problem := range definition.Problems {
			if !problem.Warning {
				lines = append(lines, problem.String())
			}
		}
		return strings.Join(lines, "\nguichet: ")
	}
	var known *forms.Error
	if !errors.As(err, &known) {
		return oneLine(err.Error())
	}
	text := known.Error()
	for _, field := range known.Fields {
		text += " " + field.Pointer
	}
	return oneLine(text)
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
