// Guichet serves registration forms for public events, keeps the answers, and hands organisers their workbook.
package main

import (
	"os"
	_ "time/tzdata" // events have time zones on machines without them too

	"guichet/server/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr)) }
