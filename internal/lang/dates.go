package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date writes a day out: "21 November 2026", "1er mars 2026".
func (l *Lang) Date(t time.Time) string {
	t = t.In(l.zone)
	return l.T("common.date", "day", l.day(t), "month", l.T("common.month."+strconv.Itoa(int(t.Month()))), "year", strconv.Itoa(t.Year()))
}

// DateTime writes a day and a time with its zone: "21 November 2026, 22:33 CET".
func (l *Lang) DateTime(t time.Time) string {
	return l.T("common.datetime", "date", l.Date(t), "time", l.Time(t))
}

// Day writes a day with its weekday and no year: "Saturday 21 November".
func (l *Lang) Day(t time.Time) string {
	t = t.In(l.zone)
	return l.T("common.weekdate", "weekday", l.T("common.weekday."+strconv.Itoa(int(t.Weekday()))),
		"day", l.day(t), "month", l.T("common.month."+strconv.Itoa(int(t.Month()))))
}

// Clock writes an hour of the day without its zone: "22:33", "22 h 33", "22 h".
func (l *Lang) Clock(t time.Time) string {
	t = t.In(l.zone)
	hour := fmt.Sprintf("%02d", t.Hour())
	if l.Base() == "fr" {
		hour = strconv.Itoa(t.Hour()) // 9 h 05, but 09:05
	}
	if t.Minute() == 0 {
		return l.T("common.hour", "hour", hour)
	}
	return l.T("common.clock", "hour", hour, "minute", fmt.Sprintf("%02d", t.Minute()))
}

// Time writes an hour of the day with its zone: "22:33 CET".
func (l *Lang) Time(t time.Time) string {
	zone, _ := t.In(l.zone).Zone()
	return l.Clock(t) + " " + zone
}

// Moment writes a day and a time as people outside say it: "21 novembre 2026,
// 22 h 33 (heure de Paris)". Where no town of the zone is known, as [Lang.DateTime].
func (l *Lang) Moment(t time.Time) string {
	name := l.zone.String()
	key := "common.town." + strings.ToLower(name[strings.LastIndexByte(name, '/')+1:])
	if !l.Has(key) {
		return l.DateTime(t)
	}
	return l.T("common.moment", "date", l.Date(t), "time", l.Clock(t), "town", l.T(key))
}

// Span writes how long something lasts in its largest unit: "12 minutes",
// "3 hours", "2 days". Below a minute it says so.
func (l *Lang) Span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return l.T("common.span.moment")
	case d < 2*time.Hour:
		return l.N("common.span.minutes", int(d/time.Minute))
	case d < 2*day:
		return l.N("common.span.hours", int(d/time.Hour))
	}
	return l.N("common.span.days", int(d/day))
}

// day is the number of a day; French says "1er".
func (l *Lang) day(t time.Time) string {
	if t.Day() == 1 {
		return l.T("common.first")
	}
	return strconv.Itoa(t.Day())
}
