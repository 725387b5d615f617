package server

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// guard goes around every request: headers, a time limit, and panics that become errors.
func (s *Server) guard(c *fiber.Ctx) (err error) {
	s.secure(c)
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	c.SetUserContext(ctx)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = s.handleError(c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if c.Method() == fiber.MethodPost && len(c.Request().Body()) > answersLimit {
		return s.handleError(c, fiber.ErrRequestEntityTooLarge)
	}
	if err := c.Next(); err != nil {
		return s.handleError(c, err) // here, so that what it sends has the headers above
	}
	return nil
}

// policy lets a page use nothing but what this address serves.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *Server) secure(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), geolocation=(), microphone=()")
	c.Set(fiber.HeaderCacheControl, "no-store") // what may be kept says so itself
	if strings.HasPrefix(s.config.BaseURL, "https://") {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}
