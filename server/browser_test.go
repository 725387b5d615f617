package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser is one page in Chromium.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// required says whether a tool may not be missing here.
func required(tool string) bool {
	return slices.Contains(strings.Split(os.Getenv("GUICHET_REQUIRE"), ","), tool)
}

// openBrowser starts Chromium, with or without JavaScript. The test is skipped where there is none, and fails if GUICHET_REQUIRE
// names browser.
func openBrowser(t *testing.T, scripts bool) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		if required("browser") {
			t.Fatal("no Chromium: install the package chromium")
		}
		t.Skip("no Chromium: install the package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()))
	for _, flag := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, cancelAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	ctx, cancelTime := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(func() { cancelTime(); cancel(); cancelAllocator() })
	b := &browser{t, ctx}
	b.do(chromedp.EmulateViewport(1280, 900))
	if !scripts {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) open(address string) { b.t.Helper(); b.do(chromedp.Navigate(address)) }

// press clicks what leads to another page and gives its status.
func (b *browser) press(selector string) int {
	b.t.Helper()
	response, err := chromedp.RunResponse(b.ctx, chromedp.Click(chromedp.CSS(selector)))
	if err != nil {
		b.t.Fatalf("%s: %v", selector, err)
	}
	return int(response.Status)
}

// tick clicks what stays on the page.
func (b *browser) tick(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// fill types a text in place of what is there.
func (b *browser) fill(selector, text string) {
	b.t.Helper()
	eval[any](b, fmt.Sprintf("document.querySelector(%q).value = ''", selector))
	b.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (b *browser) text(selector string) string {
	b.t.Helper()
	return eval[string](b, fmt.Sprintf("(document.querySelector(%q)||{innerText:''}).innerText", selector))
}

func (b *browser) want(what, want, got string) {
	b.t.Helper()
	if !strings.Contains(got, want) {
		b.t.Errorf("%s = %q, want it to hold %q", what, got, want)
	}
}

// look keeps a picture of the page where GUICHET_SCREENSHOTS names a folder, for people to look at.
func (b *browser) look(name string) {
	b.t.Helper()
	folder := os.Getenv("GUICHET_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// dress sets the width of the window and the colour scheme.
func (b *browser) dress(width int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}

// axe gives what axe-core finds wrong with the page.
func (b *browser) axe() []string {
	b.t.Helper()
	script, err := os.ReadFile(axePath())
	if err != nil {
		if required("browser") {
			b.t.Fatal("no axe-core: run .ci/axe")
		}
		b.t.Skip("no axe-core: run .ci/axe")
	}
	eval[any](b, string(script)+";true")
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`new Promise(done => axe.run({rules: {'target-size': {enabled: true}}}).then(r =>
		done(JSON.stringify(r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).join(' | '))))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	var violations []string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.t.Fatal(err)
	}
	return violations
}

func axePath() string {
	if named := os.Getenv("GUICHET_AXE"); named != "" {
		return named
	}
	return filepath.Join("..", ".cache", "axe.min.js")
}
