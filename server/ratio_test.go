package server

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
	"guichet/bench"
	"guichet/forms"
	"guichet/forms/sqlite"
	"guichet/schemas"
)

const (
	clients = 64
	lasting = 2 * time.Second
)

// taken out is a store that keeps nothing and says that it did.
type takenOut struct{ forms.Store }

func (takenOut) CreateSubmission(_ context.Context, submission forms.Submission, _ int64, _ []forms.Claim) (forms.Submission, bool, error) {
	return submission, true, nil
}

func benchSite(b *testing.B, around func(forms.Store) forms.Store) (*Server, string) {
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "guichet.db"))
	if err != nil {
		b.Fatal(err)
	}
	service, err := forms.NewService(b.Context(), around(store), forms.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s, err := New(service, Config{BaseURL: "http://127.0.0.1", Temporary: b.TempDir()}, slog.New(slog.NewTextHandler(io.Discard, nil)), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	data, err := schemas.Starter("bluehats-poss-2019.json")
	if err != nil {
		b.Fatal(err)
	}
	unlimited := strings.Replace(string(data), `"places": 200`, `"places": 100000000`, 1)
	if _, err := service.Publish(b.Context(), "f.json", "f", []byte(unlimited)); err != nil {
		b.Fatal(err)
	}
	if _, err := service.SetState(b.Context(), "f", forms.Open); err != nil {
		b.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	b.Cleanup(func() {
		_ = s.app.Shutdown()
		<-ended
		_ = store.Close()
	})
	return s, "http://" + listener.Addr().String()
}

var serial atomic.Int64

// BenchmarkRatios compares pages with rendering them, and the API with itself without a store.
func BenchmarkRatios(b *testing.B) {
	client := &fasthttp.Client{MaxConnsPerHost: clients}
	posting := func(address string) func() float64 {
		return func() float64 {
			return bench.Rate(clients, lasting, func() error {
				n := serial.Add(1)
				request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
				defer fasthttp.ReleaseRequest(request)
				defer fasthttp.ReleaseResponse(response)
				request.SetRequestURI(address + "/api/v1/forms/f/submissions")
				request.Header.SetMethod("POST")
				request.SetBodyString(fmt.Sprintf(`{"answers":{"prenom":"Camille","nom":"Exemple %d","email":"participant%d@exemple.fr","profil":"agent","organisation":"Service exemple","presence":"journee","tables":["communs"],"presenter":true,"presentations":[{"titre":"Un outil","resume":"%0200d","minutes":6,"niveau":"tous"}]}}`, n, n, n))
				if err := client.Do(request, response); err != nil {
					return err
				}
				if response.StatusCode() != 201 {
					return fmt.Errorf("%d %s", response.StatusCode(), response.Body())
				}
				return nil
			})
		}
	}
	site, address := benchSite(b, func(store forms.Store) forms.Store { return store })
	_, without := benchSite(b, func(store forms.Store) forms.Store { return takenOut{store} })
	bench.Row{Name: "POST of the API with SQLite, of the same without a store", Unit: "/s", Ours: posting(address), Bound: posting(without), AtLeast: 0.5}.Print()

	view, err := site.service.View(b.Context(), "f")
	if err != nil {
		b.Fatal(err)
	}
	blank := filling{view: view, definition: view.Definition, version: 1, token: tokenMark}
	render := func() float64 {
		return bench.Each(lasting/4, func() error { _, err := site.views.render("form", site.formPage(blank)); return err })
	}
	cached := func() float64 {
		return bench.Each(lasting/4, func() error {
			page, err := site.blanks.page(view, "fr", func() ([]byte, error) { return site.views.render("form", site.formPage(blank)) })
			page.with(site.service.PageToken("f", 1))
			return err
		})
	}
	bench.Row{Name: "form page from cache, of rendering it", Unit: "µs", Ours: cached, Bound: render, AtMost: 0.1}.Print()

	posted := url.Values{"/prenom": {"Camille"}, "/email": {"camille@"}, "_shown": {"[]"}}
	refused := func() float64 {
		return bench.Each(lasting/4, func() error {
			answers := view.Definition.DecodeForm(posted, nil)
			_, violations := view.Definition.Accept(answers)
			again := filling{view: view, definition: view.Definition, version: 1, token: "t", posted: posted, answers: answers, problems: violations}
			_, err := site.views.render("form", site.formPage(again))
			return err
		})
	}
	bench.Row{Name: "page with errors, decoding and checking too, of rendering", Unit: "µs", Ours: refused, Bound: render, AtMost: 1.5}.Print()
}
