package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// scanProgress tells how far a scan has come: with a bar on a terminal, and in
// lines now and then elsewhere.
type scanProgress struct {
	in      *invocation
	columns int // of the bar; 0: lines
	off     bool
	begun   time.Time
	next    time.Time
}

// betweenLines is the time between two lines.
const betweenLines = 10 * time.Second

func (x *scanning) newProgress() *scanProgress {
	p := &scanProgress{in: x.invocation, off: x.progress == "never", begun: x.Now()}
	p.next = p.begun.Add(betweenLines)
	if x.progress == "auto" && x.ErrColumns > 1 && x.Env("TERM") != "dumb" {
		p.columns = x.ErrColumns - 1 // a full line would wrap on some terminals
	}
	return p
}

// show is called by the scanner.
func (p *scanProgress) show(s scan.Progress) {
	now := p.in.Now()
	switch {
	case p.off || s.Finished:
	case p.columns > 0:
		fmt.Fprintf(p.in.Stderr, "\r%-*s", p.columns, barLine(s, now.Sub(p.begun), p.columns))
	case !now.Before(p.next):
		p.next = now.Add(betweenLines)
		fmt.Fprintln(p.in.Stderr, "rolewhy: "+progressLine(s, now.Sub(p.begun)))
	}
}

// progressLine tells how much was read, how fast, and how long the rest takes
// where that is known.
func progressLine(s scan.Progress, spent time.Duration) string {
	return strings.Join(progressParts(s, spent), ", ")
}

// progressParts are the inputs, the bytes, the denials, the speed and the time
// left. That is not known while an input goes on whose size is not.
func progressParts(s scan.Progress, spent time.Duration) []string {
	parts := []string{
		fmt.Sprintf("%s of %s", number(s.Done), count(s.Inputs, "file")), bytesOf(s.Bytes) + " unpacked", count(s.Denials, "denial"),
	}
	if spent <= 0 || s.Packed <= 0 {
		return parts
	}
	parts = append(parts, bytesOf(int64(float64(s.Bytes)/spent.Seconds()))+"/s")
	if left := s.Size - s.Packed; s.Listed && s.Endless == 0 && left > 0 {
		parts = append(parts, fmt.Sprintf("%s left", time.Duration(float64(spent)*float64(left)/float64(s.Packed)).Round(time.Second)))
	}
	return parts
}

// barLine is a bar with the line behind it, as much of both as there is room
// for: first the speed is left out, then the bytes, then the inputs.
func barLine(s scan.Progress, spent time.Duration, columns int) string {
	parts := progressParts(s, spent)
	line := strings.Join(parts, ", ")
	for _, drop := range []int{3, 1, 0} {
		if len(line) > columns && len(parts) > drop {
			parts = append(parts[:drop:drop], parts[drop+1:]...)
			line = strings.Join(parts, ", ")
		}
	}
	return bar(s, columns-len(line)) + line[:min(len(line), columns)]
}

// bar shows the share that was read in at most so many columns, with a blank
// behind it. It is empty where the share is not known or there is no room.
func bar(s scan.Progress, columns int) string {
	const least, most, around = 8, 24, 3
	width := min(columns-around, most)
	if width < least || s.Size <= 0 || s.Endless > 0 {
		return ""
	}
	filled := int(int64(width) * min(s.Packed, s.Size) / s.Size)
	return "[" + strings.Repeat("=", filled) + strings.Repeat(" ", width-filled) + "] "
}

// end takes the bar away.
func (p *scanProgress) end() {
	if p.columns > 0 && !p.off {
		fmt.Fprintf(p.in.Stderr, "\r%*s\r", p.columns, "")
	}
}
