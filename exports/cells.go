package exports

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// cell writes one cell in the shape of its column.
func (s *sheet) cell(i, row int, c cell) {
	shape := s.table.columns[i].shape
	switch value := c.value.(type) {
	case nil:
		if shape == blank {
			s.open(i, row, styleBlank, "/>")
		}
	case string:
		style := styleText
		switch {
		case c.muted:
			style = styleMuted
		case shape == long:
			style = styleLong
		case shape == link && s.link(i, row, value):
			style = styleLink
		}
		s.text(i, row, style, value)
	case int64:
		s.open(i, row, styleNumber, "><v>")
		s.buffer = append(strconv.AppendInt(s.buffer, value, 10), "</v></c>"...)
	case float64:
		s.open(i, row, styleNumber, "><v>")
		s.buffer = append(strconv.AppendFloat(s.buffer, value, 'g', -1, 64), "</v></c>"...)
	case time.Time:
		style := styleMoment
		if shape == day {
			style = styleDay
		}
		s.open(i, row, style, "><v>")
		s.buffer = append(strconv.AppendFloat(s.buffer, serial(value), 'f', -1, 64), "</v></c>"...)
	default:
		s.text(i, row, styleText, fmt.Sprint(value))
	}
}

// open begins a cell up to its attributes; rest is what follows them.
func (s *sheet) open(i, row, style int, rest string) {
	s.buffer = append(append(s.buffer, `<c r="`...), s.letters[i]...)
	s.buffer = append(strconv.AppendInt(s.buffer, int64(row), 10), `" s="`...)
	s.buffer = append(strconv.AppendInt(s.buffer, int64(style), 10), '"')
	s.buffer = append(s.buffer, rest...)
}

// text writes a cell of text, whatever the text looks like: nothing that someone typed becomes a formula or a number.
func (s *sheet) text(i, row, style int, text string) {
	s.open(i, row, style, ` t="inlineStr"><is><t xml:space="preserve">`)
	s.buffer = appendXML(s.buffer, legible(s.cut(text)))
	s.buffer = append(s.buffer, `</t></is></c>`...)
}

// cut shortens a text to what a cell holds, and says so.
func (s *sheet) cut(text string) string {
	if len(text) <= s.bounds.units { // bytes are never fewer than units
		return text
	}
	if cutUnits(text, s.bounds.units) == text {
		return text
	}
	mark := s.table.words.cut
	return cutUnits(text, s.bounds.units-len(mark)-1) + " " + mark
}

// link makes a cell a link where its text is a web address, as far as a sheet can hold links.
func (s *sheet) link(i, row int, address string) bool {
	web := strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
	if !web || len(s.links) == s.bounds.links || len(address) > 2079 { // Excel's limit for an address
		return false
	}
	s.links = append(s.links, legible(address))
	s.anchors = append(s.anchors, s.letters[i]+strconv.Itoa(row))
	return true
}

// serial gives a time as Excel counts: days since the end of 1899, by the clock on the wall of its zone.
func serial(t time.Time) float64 {
	wall := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	return float64(wall.Unix())/86400 + 25569
}
