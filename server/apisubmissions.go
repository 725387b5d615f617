package server

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
	"guichet/schemas"
)

// submissionJSON is a submission as programs read it.
type submissionJSON struct {
	ID        string          `json:"id"`
	Reference string          `json:"reference"`
	Status    forms.Status    `json:"status"`
	Version   int             `json:"version"`
	Language  string          `json:"language"`
	Created   time.Time       `json:"created"`
	Updated   time.Time       `json:"updated"`
	Answers   json.RawMessage `json:"answers"`
}

func newSubmissionJSON(s forms.Submission) submissionJSON {
	return submissionJSON{s.ID, s.Reference, s.Status, s.Version, s.Language, s.Created, s.Updated, s.Answers}
}

const (
	pageSize    = 100
	maxPageSize = 1000
)

// apiSubmissions gives submissions, oldest first: a page of them with the cursor of the next, or all of them as lines of JSON.
func (s *Server) apiSubmissions(c *fiber.Ctx) error {
	slug, err := s.authorize(c, forms.Read)
	if err != nil {
		return err
	}
	query, err := readQuery(c, slug)
	if err != nil {
		return err
	}
	if strings.Contains(c.Get(fiber.HeaderAccept), "application/x-ndjson") {
		query.Limit = 0
		if c.Query("limit") != "" {
			query.Limit = c.QueryInt("limit")
		}
		return s.streamSubmissions(c, query)
	}
	limit := query.Limit
	query.Limit = limit + 1 // one more tells whether there is a next page
	page := []submissionJSON{}
	next := ""
	for submission, err := range s.service.Submissions(c.UserContext(), query) {
		if err != nil {
			return err
		}
		if len(page) == limit {
			last := page[limit-1]
			next = cursor{last.Created, last.ID}.String()
			break
		}
		page = append(page, newSubmissionJSON(submission))
	}
	return s.sendJSON(c, fiber.StatusOK, map[string]any{"submissions": page, "next": next})
}

func readQuery(c *fiber.Ctx, slug string) (forms.Query, error) {
	query := forms.Query{Form: slug, Limit: pageSize}
	wrong := func(name, fr, en string) (forms.Query, error) {
		return query, &forms.Error{Code: forms.Invalid, Message: schemas.Wording{FR: "Paramètre refusé\u00a0: " + name + ". " + fr, EN: "Parameter refused: " + name + ". " + en}}
	}
	if text := c.Query("limit"); text != "" {
		limit, err := strconv.Atoi(text)
		if err != nil || limit < 1 || limit > maxPageSize {
			return wrong("limit", "Un nombre de 1 à 1000.", "A number from 1 to 1000.")
		}
		query.Limit = limit
	}
	if text := c.Query("status"); text != "" {
		for _, one := range strings.Split(text, ",") {
			switch status := forms.Status(one); status {
			case forms.Confirmed, forms.Waiting, forms.Unconfirmed, forms.Review, forms.Cancelled:
				query.Statuses = append(query.Statuses, status)
			default:
				return wrong("status", "confirmed, waiting, unconfirmed, review ou cancelled.", "confirmed, waiting, unconfirmed, review or cancelled.")
			}
		}
	}
	if text := c.Query("after"); text != "" {
		after, err := readCursor(text)
		if err != nil {
			return wrong("after", "Prenez la valeur «\u00a0next\u00a0» de la page précédente.", "Take the value “next” of the page before.")
		}
		query.After = forms.Cursor(after)
	}
	return query, nil
}

// cursor is a place in the order of submissions, as an opaque text.
type cursor forms.Cursor

func (c cursor) String() string {
	raw := binary.BigEndian.AppendUint64(nil, uint64(c.Created.UnixMilli()))
	return base64.RawURLEncoding.EncodeToString(append(raw, c.ID...))
}

func readCursor(text string) (cursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) < 9 {
		return cursor{}, fmt.Errorf("not a cursor: %q", text)
	}
	return cursor{time.UnixMilli(int64(binary.BigEndian.Uint64(raw))).UTC(), string(raw[8:])}, nil
}

// streamSubmissions sends one submission a line as they are read. A failure cuts the connection, so that no client takes a part for
// the whole.
func (s *Server) streamSubmissions(c *fiber.Ctx, query forms.Query) error {
	reader, writer := io.Pipe()
	ctx, cancel := context.WithTimeout(context.Background(), exportTime)
	go func() {
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("stream failed", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
				writer.CloseWithError(fmt.Errorf("panic: %v", p))
			}
		}()
		encoder := json.NewEncoder(writer)
		encoder.SetEscapeHTML(false)
		for submission, err := range s.service.Submissions(ctx, query) {
			if err == nil {
				err = encoder.Encode(newSubmissionJSON(submission)) // fails when the client has gone
			}
			if err != nil {
				s.log.Warn("stream ended early", "form", query.Form, "error", err.Error())
				writer.CloseWithError(err)
				return
			}
		}
		writer.Close()
	}()
	c.Set(fiber.HeaderContentType, "application/x-ndjson")
	c.Context().Response.SetBodyStream(s.paced(c, reader), -1)
	return nil
}
