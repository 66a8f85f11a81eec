package notify

import (
	"fmt"
	"strings"
	"time"
)

// Line is one line of what a notice says beside its report.
type Line struct {
	Label  string // in our words; "" where there is none
	Lead   bool   // Label, which ends in its own punctuation, says what the title begins with
	Item   bool   // one of a list, under the last line that is none
	Pieces []Piece
}

// Piece is a part of a line. Its text may have been written by others: it is
// not escaped for any service, and of any length.
type Piece struct {
	Text string
	Code bool      // a value, to be set apart from words
	Time time.Time // where not zero, stands for Text
}

// InUTC is how text shows a time.
const InUTC = "2006-01-02 15:04 UTC"

func say(text string) Piece                 { return Piece{Text: text} }
func sayf(format string, args ...any) Piece { return Piece{Text: fmt.Sprintf(format, args...)} }

// value is one that others chose.
func value(text string) Piece {
	if strings.TrimSpace(text) == "" {
		return say("not named")
	}
	return Piece{Text: text, Code: true}
}

// at is a time, within a sentence.
func at(t time.Time) Piece {
	if t.IsZero() {
		return say("a time that is not known")
	}
	return Piece{Time: t}
}

func line(pieces ...Piece) Line                   { return Line{Pieces: pieces} }
func labelled(label string, pieces ...Piece) Line { return Line{Label: label, Pieces: pieces} }
func lead(label string, pieces ...Piece) Line     { return Line{Label: label, Lead: true, Pieces: pieces} }

// list is a label with at most most items below it. more tells that there were
// others that are not counted.
func list(label string, items [][]Piece, most int, more bool) []Line {
	if len(items) == 0 {
		return nil
	}
	lines := []Line{{Label: label}}
	for _, pieces := range items[:min(len(items), most)] {
		lines = append(lines, Line{Item: true, Pieces: pieces})
	}
	switch left := len(items) - most; {
	case more:
		lines = append(lines, Line{Item: true, Pieces: []Piece{say("and more")}})
	case left > 0:
		lines = append(lines, Line{Item: true, Pieces: []Piece{sayf("and %d more", left)}})
	}
	return lines
}

// count is a number with its noun, of which a plain s makes the plural.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// lasting is a span of time in its two largest units, to the minute.
func lasting(d time.Duration) string {
	minutes := int(d.Round(time.Minute) / time.Minute)
	days, hours, minutes := minutes/(24*60), minutes/60%24, minutes%60
	var parts []string
	add := func(n int, unit string) {
		if n > 0 && len(parts) < 2 {
			parts = append(parts, count(n, unit))
		}
	}
	add(days, "day")
	add(hours, "hour")
	if days == 0 {
		add(minutes, "minute")
	}
	if len(parts) == 0 {
		return "less than a minute"
	}
	return strings.Join(parts, " and ")
}

// Plain is the line as unescaped text, without its label.
func (l Line) Plain() string {
	var b strings.Builder
	for _, p := range l.Pieces {
		if p.Time.IsZero() {
			b.WriteString(p.Text)
		} else {
			b.WriteString(p.Time.UTC().Format(InUTC))
		}
	}
	return b.String()
}
