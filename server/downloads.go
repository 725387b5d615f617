package server

import (
	"context"
	"io"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"guichet/exports"
	"guichet/forms"
	"guichet/schemas"
)

// handleExport gives the export that a token names, to whoever has its address.
func (s *Server) handleExport(c *fiber.Ctx) error {
	token, err := s.service.ExportToken(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	c.Set("X-Robots-Tag", "noindex")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	return s.download(c, token.Form, token.List, exports.Format(token.Format))
}

// download makes an export and sends it once it is complete. list is "" for the workbook.
func (s *Server) download(c *fiber.Ctx, slug, list string, format exports.Format) error {
	ctx, cancel := context.WithTimeout(context.Background(), exportTime)
	defer cancel()
	source, err := exports.Open(ctx, s.service, slug, s.now())
	if err != nil {
		return err
	}
	source.Temporary = s.config.Temporary
	file, err := s.exporter.File(ctx, func(ctx context.Context, w io.Writer) error {
		if list == "" {
			return exports.Workbook(ctx, w, source)
		}
		return exports.Write(ctx, w, source, list, format)
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, format.MediaType())
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+fileName(slug, list, format, s.now())+`"`)
	c.Context().Response.SetBodyStream(s.paced(c, file), int(file.Size())) // fasthttp closes it
	return nil
}

// paced lets a reply take as long as it goes on: the deadline that fasthttp sets is for the whole of it, and would cut a large
// download over a slow line.
func (s *Server) paced(c *fiber.Ctx, body io.ReadCloser) io.ReadCloser {
	return &pacedBody{body, c.Context().Conn(), s.pace}
}

type pacedBody struct {
	io.ReadCloser
	connection net.Conn
	pace       time.Duration
}

// Read gives the next part, and the time to send it.
func (b *pacedBody) Read(part []byte) (int, error) {
	n, err := b.ReadCloser.Read(part)
	if deadline := b.connection.SetWriteDeadline(time.Now().Add(b.pace)); deadline != nil {
		return n, deadline
	}
	return n, err
}

// fileName names a download: bluehats-poss-2019-atelier-geo-2019-12-11.xlsx.
func fileName(slug, list string, format exports.Format, now time.Time) string {
	name := slug
	if list != "" {
		name += "-" + strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
				return r
			}
			return '-'
		}, list)
	}
	return name + "-" + now.Format("2006-01-02") + "." + string(format)
}

// splitFile takes "atelier:geo.xlsx" apart.
func splitFile(file string) (list string, format exports.Format, err error) {
	for _, format := range []exports.Format{exports.XLSX, exports.CSV, exports.JSON} {
		if list, ok := strings.CutSuffix(file, "."+string(format)); ok && list != "" {
			return list, format, nil
		}
	}
	return "", "", &forms.Error{Code: forms.NotFound, Message: schemas.Wording{
		FR: "Ajoutez le format au nom de la liste\u00a0: .xlsx, .csv ou .json.", EN: "Add the format to the list’s name: .xlsx, .csv or .json.",
	}}
}
