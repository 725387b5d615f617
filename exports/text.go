package exports

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// legible makes a text that XML can hold and Excel shows as it was typed: control characters go, invalid UTF-8 is repaired, and what
// looks like Excel's own escape, _x0041_, is escaped.
func legible(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, text)
	if !strings.Contains(text, "_x") {
		return text
	}
	var out strings.Builder
	for i := range len(text) {
		if isEscape(text[i:]) {
			out.WriteString("_x005F")
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

func isEscape(text string) bool {
	if len(text) < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(text[2:6], 16, 16)
	return err == nil
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#13;")

func appendXML(out []byte, text string) []byte {
	if !strings.ContainsAny(text, "&<>\"\r") {
		return append(out, text...)
	}
	return append(out, xmlEscapes.Replace(text)...)
}
