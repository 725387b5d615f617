package server

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"guichet/forms"
	"guichet/schemas"
)

// programme is the event's programme as pages show it, room by room.
type programme struct {
	Heading, Calendar, CalendarLabel string
	Rooms                            []room
}

type room struct {
	Name  string
	Slots []slot
}

type slot struct{ Starts, Hours, Title, Room string }

func (s *Server) programme(slug string, definition *schemas.Definition) *programme {
	event, language := definition.Event, definition.Language
	if event == nil || event.Starts.IsZero() && len(event.Programme) == 0 {
		return nil
	}
	p := &programme{Heading: say("programme", language), CalendarLabel: say("calendar", language)}
	if !event.Starts.IsZero() {
		p.Calendar = "/f/" + slug + "/event.ics?lang=" + language
	}
	if len(event.Programme) == 0 {
		p.Heading = say("agenda", language)
	}
	places := map[string]int{}
	for _, one := range event.Programme {
		i, known := places[one.Room]
		if !known {
			i = len(p.Rooms)
			places[one.Room] = i
			p.Rooms = append(p.Rooms, room{Name: one.Room})
		}
		p.Rooms[i].Slots = append(p.Rooms[i].Slots, newSlot(one, definition.Location(), language))
	}
	return p
}

func newSlot(one schemas.Slot, location *time.Location, language string) slot {
	starts, ends := one.Starts.In(location), one.Ends.In(location)
	return slot{Starts: starts.Format(time.RFC3339), Hours: hours(starts, ends, language), Title: one.Title}
}

// choiceTimes says when each choice takes place, by its name.
func choiceTimes(definition *schemas.Definition) map[string]string {
	times := map[string]string{}
	if definition.Event == nil {
		return times
	}
	location := definition.Location()
	for _, one := range definition.Event.Programme {
		for pointer, key := range one.Choice {
			times[forms.PlaceName(pointer, key)] = hours(one.Starts.In(location), one.Ends.In(location), definition.Language)
		}
	}
	return times
}

// dayOf gives the slots of one person's day: what is for all, once, and what was chosen.
func dayOf(definition *schemas.Definition, answers schemas.Answers) []slot {
	if definition.Event == nil {
		return nil
	}
	var day []slot
	common := map[string]int{}
	for _, one := range definition.Event.Programme {
		shown := newSlot(one, definition.Location(), definition.Language)
		shown.Room = one.Room
		mine := len(one.Choice) == 0
		for pointer, key := range one.Choice {
			mine = mine || chose(definition, answers, pointer, key)
		}
		if !mine {
			continue
		}
		name := shown.Hours + shown.Title
		if i, twice := common[name]; twice {
			day[i].Room = "" // in every room at once
			continue
		}
		common[name] = len(day)
		day = append(day, shown)
	}
	sortSlots(day)
	return day
}

func chose(definition *schemas.Definition, answers schemas.Answers, pointer, key string) bool {
	field := definition.Fields().Find(pointer)
	value, there := schemas.Get(answers, pointer)
	if field == nil || !there || field.Choice(key) == nil {
		return false
	}
	wanted := field.Choice(key).Value
	set, isSet := value.([]any)
	if !isSet {
		set = []any{value}
	}
	for _, one := range set {
		if one == wanted {
			return true
		}
	}
	return false
}

var durations = regexp.MustCompile(`^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$`)

// duration writes an ISO 8601 duration in words: six mois. What it cannot read it gives back.
func duration(iso, language string) string {
	parts := durations.FindStringSubmatch(iso)
	if parts == nil {
		return iso
	}
	units := [4][4]string{{"an", "ans", "year", "years"}, {"mois", "mois", "month", "months"}, {"semaine", "semaines", "week", "weeks"}, {"jour", "jours", "day", "days"}}
	var words []string
	for i, unit := range units {
		if n, err := strconv.Atoi(parts[i+1]); err == nil {
			words = append(words, count(language, n, unit[0], unit[1], unit[2], unit[3]))
		}
	}
	return strings.Join(words, sayf(language, " et ", " and "))
}
