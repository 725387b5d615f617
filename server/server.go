// Package server is HTTP: routes, pages, the API. It knows no store; every rule is in forms.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"guichet/exports"
	"guichet/forms"
)

// Config is what an operator sets.
type Config struct {
	BaseURL   string // what links begin with, without a slash at the end; the Host header is never used
	Publisher string // who runs the service, for the legal notice
	Temporary string // folder for exports being made
}

// Server serves forms over HTTP.
type Server struct {
	config   Config
	service  *forms.Service
	exporter *exports.Exporter
	views    *views
	blanks   blankPages
	latest   sync.Map          // slug to the *forms.View seen last, for drawing a form again while the store is away
	assets   map[string]asset  // by the last part of their address
	files    map[string]string // their addresses, by the names of their files
	pace     time.Duration
	now      func() time.Time
	log      *slog.Logger
	app      *fiber.App
}

const (
	answersLimit = 1 << 20          // bytes of what is handed in: a long form is 20 kB
	bodyLimit    = 4 << 20          // bytes of any request; fasthttp cuts the connection beyond, so that who sends a little too much sees no page
	requestTime  = 30 * time.Second // for a handler to answer
	exportTime   = 10 * time.Minute // for an export to be made and sent
	pace         = 20 * time.Second // to send a request, to take a page, or to take the next part of a download
)

// New returns a server over a service.
func New(service *forms.Service, config Config, log *slog.Logger, now func() time.Time) (*Server, error) {
	return newServer(service, config, log, now, pace)
}

func newServer(service *forms.Service, config Config, log *slog.Logger, now func() time.Time, pace time.Duration) (*Server, error) {
	s := &Server{pace: pace, config: config, service: service, exporter: exports.NewExporter(config.Temporary), blanks: blankPages{pages: map[blankKey]blankPage{}}, now: now, log: log}
	var err error
	if s.views, err = newViews(); err != nil {
		return nil, err
	}
	if s.assets, s.files, err = readAssets(); err != nil {
		return nil, err
	}
	s.app = fiber.New(fiber.Config{
		AppName: "Guichet", ServerHeader: "", DisableStartupMessage: true,
		Immutable:    true, // strings of a request would change under whoever keeps them
		BodyLimit:    bodyLimit,
		ReadTimeout:  pace,
		WriteTimeout: pace,
		IdleTimeout:  2 * time.Minute,
		ErrorHandler: s.handleError,
	})
	s.routes()
	return s, nil
}

// routes lists every address.
func (s *Server) routes() {
	app := s.app
	app.Use(s.guard)
	s.get("/static/:name", s.handleStatic)
	s.get("/", s.handleHome)
	s.get("/f/:slug", s.handleFormPage)
	app.Post("/f/:slug", s.handleFormPost)
	s.get("/f/:slug/event.ics", s.handleCalendar)
	s.get("/f/:slug/confidentialite", s.handlePrivacy)
	s.get("/f/:slug/r/:token", s.handleReceipt)
	s.get("/x/:token", s.handleExport)
	s.get("/accessibilite", s.handleAccessibility)
	s.get("/mentions-legales", s.handleLegal)
	s.get("/healthz", s.handleHealth)
	s.get("/readyz", s.handleReady)

	s.get("/api/v1/forms", s.apiForms)
	s.get("/api/v1/forms/:slug", s.apiForm)
	app.Put("/api/v1/forms/:slug", s.apiPublish)
	app.Post("/api/v1/forms/:slug/state", s.apiState)
	s.get("/api/v1/forms/:slug/versions", s.apiVersions)
	s.get("/api/v1/forms/:slug/versions/:number", s.apiVersion)
	app.Post("/api/v1/forms/:slug/submissions", s.apiSubmit)
	s.get("/api/v1/forms/:slug/submissions", s.apiSubmissions)
	s.get("/api/v1/forms/:slug/lists", s.apiLists)
	s.get("/api/v1/forms/:slug/lists/:file", s.apiList)
	s.get("/api/v1/forms/:slug/workbook.xlsx", s.apiWorkbook)
}

// get serves GET; fiber answers HEAD by it.
func (s *Server) get(path string, handler fiber.Handler) { s.app.Get(path, handler) }

// Serve takes connections until the listener closes or Shutdown is called.
func (s *Server) Serve(listener net.Listener) error {
	err := s.app.Listener(listener)
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Shutdown lets requests under way finish, until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.app.ShutdownWithContext(ctx) }

// App gives the handler, for tests without a network.
func (s *Server) App() *fiber.App { return s.app }
