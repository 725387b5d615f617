package server

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"
	"guichet/forms"
)

//go:embed static/*
var staticFiles embed.FS

// asset is a file served under a name that changes with its content, so that browsers may keep it for ever.
type asset struct {
	media           string
	plain, deflated []byte
}

// readAssets reads the static files once, and gives the address of each by the name of its file.
func readAssets() (assets map[string]asset, addresses map[string]string, err error) {
	assets, addresses = map[string]asset{}, map[string]string{}
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return nil, nil, err
	}
	for _, entry := range entries {
		content, err := staticFiles.ReadFile("static/" + entry.Name())
		if err != nil {
			return nil, nil, err
		}
		sum := sha256.Sum256(content)
		extension := path.Ext(entry.Name())
		name := strings.TrimSuffix(entry.Name(), extension) + "." + hex.EncodeToString(sum[:6]) + extension
		deflated, err := gzipped(content)
		if err != nil {
			return nil, nil, err
		}
		assets[name] = asset{mime.TypeByExtension(extension), content, deflated}
		addresses[entry.Name()] = "/static/" + name
	}
	return assets, addresses, nil
}

func gzipped(content []byte) ([]byte, error) {
	var out bytes.Buffer
	writer, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err == nil {
		_, err = writer.Write(content)
	}
	if err == nil {
		err = writer.Close()
	}
	return out.Bytes(), err
}

func (s *Server) handleStatic(c *fiber.Ctx) error {
	file, known := s.assets[c.Params("name")]
	if !known {
		return forms.Missing("Ce fichier n’existe pas.", "There is no such file.")
	}
	c.Set(fiber.HeaderContentType, file.media)
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	c.Vary(fiber.HeaderAcceptEncoding)
	if strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(file.deflated)
	}
	return c.Send(file.plain)
}
