package schemas

import (
	"fmt"
	"time"
)

var (
	frenchDays   = [...]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	frenchMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// FrenchDay writes a day: mercredi 11 décembre 2019.
func FrenchDay(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("%s %s %s %d", frenchDays[t.Weekday()], day, frenchMonths[t.Month()-1], t.Year())
}

// FrenchHour writes an hour: 9 h, 9 h 30.
func FrenchHour(t time.Time) string {
	if t.Minute() == 0 {
		return fmt.Sprintf("%d\u00a0h", t.Hour())
	}
	return fmt.Sprintf("%d\u00a0h\u00a0%02d", t.Hour(), t.Minute())
}

// FrenchMoment writes a day and an hour after "ouvrent" or "depuis": le mercredi 11 décembre 2019 à 9 h.
func FrenchMoment(t time.Time) string { return "le " + FrenchDay(t) + " à " + FrenchHour(t) }

// EnglishDay writes a day: Wednesday 11 December 2019.
func EnglishDay(t time.Time) string { return t.Format("Monday 2 January 2006") }

// EnglishHour writes an hour: 9:00, 14:30.
func EnglishHour(t time.Time) string { return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute()) }

// EnglishMoment writes a day and an hour after "opens": on Wednesday 11 December 2019 at 9:00.
func EnglishMoment(t time.Time) string { return "on " + EnglishDay(t) + " at " + EnglishHour(t) }
