package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet/forms/mongo/mongotest"
	"guichet/schemas"
)

// binary is the program under test: go run would hide its exit codes.
var binary string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "guichet-cli-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(folder, "guichet")
	if out, err := exec.Command("go", "build", "-o", binary, "guichet").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// outcome is how a command ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// guichet runs a command to its end, in a folder.
func guichet(t *testing.T, folder string, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, binary, args...)
	command.Dir = folder
	command.Env = environment()
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// environment is this one without settings of Guichet.
func environment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GUICHET_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// running is a server in a process of its own.
type running struct {
	process *exec.Cmd
	address string
	lines   map[string]string // what it printed before it listened, by the first word
	ended   chan struct{}
}

// start starts a command that serves, on a free port, and waits until it listens.
func start(t *testing.T, folder string, args ...string) *running {
	t.Helper()
	r, err := launch(folder, append(args, "--listen", "127.0.0.1:0")...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.kill)
	return r
}

func launch(folder string, args ...string) (*running, error) {
	command := exec.Command(binary, args...)
	command.Dir = folder
	command.Env = environment()
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	r := &running{process: command, lines: map[string]string{}, ended: make(chan struct{})}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		first, rest, _ := strings.Cut(lines.Text(), " ")
		r.lines[first] = strings.TrimSpace(rest)
		if address, listening := strings.CutPrefix(lines.Text(), "listening on "); listening {
			r.address = address
			go func() {
				_, _ = io.Copy(io.Discard, out)
				_ = command.Wait()
				close(r.ended)
			}()
			return r, nil
		}
	}
	_ = command.Wait()
	return nil, fmt.Errorf("%v does not serve: %s", args, stderr.String())
}

// kill ends it as a power cut would.
func (r *running) kill() {
	_ = r.process.Process.Kill()
	<-r.ended
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFailuresAreOneLineThatSaysWhatToDo(t *testing.T) {
	folder := t.TempDir()
	file := write(t, filepath.Join(folder, "file"), "x")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"serve", "--listen", listener.Addr().String()}, 1, "is in use by another program: stop it, or choose another address with --listen"},
		{[]string{"serve", "--listen", "192.0.2.1:80"}, 1, "choose an address of this machine with --listen"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--data", filepath.Join(file, "data")}, 1, "choose a folder you may write to with --data"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--store", "sqlite:" + filepath.Join(file, "guichet.db")}, 1, "choose a folder you may write to with --store"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--store", "mongodb://127.0.0.1:1/guichet"}, 1, "check that it runs and that --store names the right host"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--store", "postgres://x"}, 1, "use sqlite:PATH or mongodb://"},
		{[]string{"serve", "--listen", "127.0.0.1:0", "--base-url", "example.org"}, 1, "it looks like https://"},
		{[]string{"form", "show", "none"}, 1, "There is no form “none”."},
		{[]string{"form", "publish", "none.json"}, 1, "none.json"},
		{[]string{"export", "none"}, 1, "There is no form “none”."},
		{[]string{"export", "none", "--format", "csv"}, 1, "choose one list with --list"},
		{[]string{"serve", "--colour"}, 2, "unknown flag --colour"},
		{[]string{"dance"}, 2, "dance"},
		{[]string{}, 2, "expected one of"},
		{[]string{"token", "create", "--form", "f", "--scope", "all"}, 2, "--scope"},
	} {
		got := guichet(t, folder, test.args...)
		if got.code != test.code || !strings.Contains(got.stderr, test.says) || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%v: code %d, stderr %q; want %d and one line saying %q", test.args, got.code, got.stderr, test.code, test.says)
		}
	}
	if got := guichet(t, folder, "--help"); got.code != 0 || !strings.Contains(got.stdout, "GUICHET_STORE") {
		t.Errorf("--help: code %d, %q; want the flags with their variables", got.code, got.stdout)
	}
}

func TestStandaloneMongoIsRefused(t *testing.T) {
	got := guichet(t, t.TempDir(), "serve", "--store", mongotest.StartStandalone(t).URI("guichet"), "--listen", "127.0.0.1:0")
	if got.code != 1 || !strings.Contains(got.stderr, "rs.initiate()") || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("code %d, stderr %q; want one line with the command that makes it a replica set", got.code, got.stderr)
	}
}

func TestFormCheck(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "good.json"), `{"schema":{"required":["email"],"properties":{"email":{"type":"string","format":"email"}}}}`)
	write(t, filepath.Join(folder, "bad.json"), `{"schema":{"properties":{"a":{"type":"text"}}},"colour":1}`)
	write(t, filepath.Join(folder, "later.json"), `{"schema":{"properties":{"a":{}}},"registration":{"waitingList":true}}`)
	write(t, filepath.Join(folder, "yes.json"), `{"email":"a@exemple.fr"}`)
	write(t, filepath.Join(folder, "no.json"), `{"email":"a"}`)
	for _, test := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"good.json"}, 0, ""},
		{[]string{"bad.json"}, 1, "bad.json:/colour: there is no such setting\n"},
		{[]string{"later.json"}, 1, "later.json:/registration/waitingList: there are no waiting lists"},
		{[]string{"good.json", "--answers", "yes.json"}, 0, ""},
		{[]string{"good.json", "--answers", "no.json"}, 1, "no.json:/email: The “@” is missing"},
		{[]string{"good.json", "bad.json", "--json"}, 1, `{"file":"bad.json","pointer":"/colour","reason":"there is no such setting","warning":false}`},
	} {
		got := guichet(t, folder, append([]string{"form", "check"}, test.args...)...)
		if got.code != test.code || !strings.Contains(got.stdout, test.says) || test.code == 0 && got.stdout != "" {
			t.Errorf("%v: code %d, stdout %q, stderr %q; want %d and %q", test.args, got.code, got.stdout, got.stderr, test.code, test.says)
		}
	}
}

// TestCommandsWorkBesideAServer defines, opens, reads and closes a form while a server runs on the same store.
func TestCommandsWorkBesideAServer(t *testing.T) {
	for name, store := range map[string]func(*testing.T, string) string{
		"sqlite": func(_ *testing.T, folder string) string { return "sqlite:" + filepath.Join(folder, "guichet.db") },
		"mongo":  func(t *testing.T, _ string) string { return mongotest.Start(t).URI("guichet") },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			where := store(t, folder)
			run := func(args ...string) outcome {
				t.Helper()
				got := guichet(t, folder, append(args, "--store", where)...)
				if got.code != 0 {
					t.Fatalf("%v: code %d, stderr %q", args, got.code, got.stderr)
				}
				return got
			}
			server := start(t, folder, "serve", "--store", where)
			starter, err := schemas.Starter("bluehats-poss-2019.json")
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(folder, "day.json"), string(starter))
			if got := run("form", "publish", "day.json", "--base-url", "https://guichet.example.org"); got.stdout != "https://guichet.example.org/f/bluehats-poss-2019\n" {
				t.Errorf("publish prints %q", got.stdout)
			}
			page := server.address + "/f/bluehats-poss-2019"
			wantStatus(t, page, 404)
			run("form", "open", "bluehats-poss-2019")
			wantStatus(t, page, 200)
			if got := run("form", "list"); !strings.Contains(got.stdout, "bluehats-poss-2019\topen\tversion 1") {
				t.Errorf("list prints %q", got.stdout)
			}
			if got := run("form", "show", "bluehats-poss-2019"); got.stdout != string(starter) {
				t.Error("show does not print the definition byte for byte")
			}
			secret := strings.TrimSpace(run("token", "create", "--form", "bluehats-poss-2019", "--scope", "read").stdout)
			request, _ := http.NewRequest("GET", server.address+"/api/v1/forms/bluehats-poss-2019/submissions", nil)
			request.Header.Set("Authorization", "Bearer "+secret)
			if response, err := http.DefaultClient.Do(request); err != nil || response.StatusCode != 200 {
				t.Errorf("with the token: %v, error %v", response, err)
			}
			if got := run("export", "bluehats-poss-2019", "--list", "participants", "--format", "csv", "--output", "-"); !strings.HasPrefix(got.stdout, "\ufeffRéférence;") {
				t.Errorf("export prints %q", got.stdout)
			}
			run("export", "bluehats-poss-2019", "--output", "day.xlsx")
			if left, _ := filepath.Glob(filepath.Join(folder, ".guichet-export-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			if info, err := os.Stat(filepath.Join(folder, "day.xlsx")); err != nil || info.Size() < 5000 {
				t.Errorf("workbook: %v, error %v", info, err)
			}
			run("form", "close", "bluehats-poss-2019")
		})
	}
}

func wantStatus(t *testing.T, address string, status int) {
	t.Helper()
	// What another process changes shows within a second: pages may be that old.
	deadline := time.Now().Add(30 * time.Second)
	for {
		response, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode == status {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s = %d, want %d", address, response.StatusCode, status)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestDemo(t *testing.T) {
	folder := t.TempDir()
	first := start(t, folder, "demo")
	if _, err := os.Stat(filepath.Join(folder, "guichet-demo", "guichet.db")); err != nil {
		t.Error(err)
	}
	wantStatus(t, first.lines["form"], 200)
	if n := demoSubmissions(t, folder); n != 40 {
		t.Errorf("%d registrations, want 40", n)
	}
	response, err := http.Get(first.lines["workbook"])
	if err != nil || response.StatusCode != 200 || !strings.Contains(response.Header.Get("Content-Disposition"), ".xlsx") {
		t.Fatalf("workbook: %v, error %v", response, err)
	}
	_ = response.Body.Close()
	if err := first.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	<-first.ended
	if code := first.process.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code after SIGTERM = %d, want 0", code)
	}
	second := start(t, folder, "demo")
	if path(first.lines["workbook"]) != path(second.lines["workbook"]) {
		t.Errorf("the workbook moved from %s to %s", first.lines["workbook"], second.lines["workbook"])
	}
	if n := demoSubmissions(t, folder); n != 40 {
		t.Errorf("%d registrations after the second run, want 40", n)
	}
}

func path(address string) string {
	_, after, _ := strings.Cut(address, "/x/")
	return after
}

func demoSubmissions(t *testing.T, folder string) int {
	t.Helper()
	got := guichet(t, folder, "export", "bluehats-poss-2019", "--store", "sqlite:guichet-demo/guichet.db", "--list", "participants", "--format", "json", "--output", "-")
	var rows []any
	if err := json.Unmarshal([]byte(got.stdout), &rows); err != nil {
		t.Fatalf("%v: %s", err, got.stderr)
	}
	return len(rows)
}
