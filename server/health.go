package server

import "github.com/gofiber/fiber/v2"

// handleHealth says that the process lives.
func (s *Server) handleHealth(c *fiber.Ctx) error { return c.SendString("ok\n") }

// handleReady says whether submissions can be kept now.
func (s *Server) handleReady(c *fiber.Ctx) error {
	if err := s.service.Ping(c.UserContext()); err != nil {
		s.log.Warn("not ready", "error", err.Error())
		c.Set(fiber.HeaderRetryAfter, "5")
		return c.Status(fiber.StatusServiceUnavailable).SendString("the store does not answer\n")
	}
	return c.SendString("ready\n")
}
