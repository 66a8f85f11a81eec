package cli

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/rolewhy/rolewhy/pkg/scan"
)

// scanProgress tells how far a scan has come: with a bar on a terminal, and in
// lines now and then elsewhere.
type scanProgress struct {
	in    *invocation
	bar   *progressbar.ProgressBar // nil: lines
	off   bool
	begun time.Time
	next  time.Time
}

// betweenLines is the time between two lines.
const betweenLines = 10 * time.Second

func (x *scanning) newProgress() *scanProgress {
	p := &scanProgress{in: x.invocation, off: x.progress == "never", begun: x.Now()}
	p.next = p.begun.Add(betweenLines)
	if x.progress == "auto" && x.ErrColumns > 0 && x.Env("TERM") != "dumb" {
		p.bar = progressbar.NewOptions64(
			-1,
			progressbar.OptionSetWriter(x.Stderr), progressbar.OptionShowBytes(true), progressbar.OptionShowTotalBytes(true),
			progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetWidth(min(24, max(x.ErrColumns-80, 8))), progressbar.OptionClearOnFinish(),
			progressbar.OptionSetTheme(progressbar.ThemeASCII),
		)
	}
	return p
}

// show is called by the scanner.
func (p *scanProgress) show(s scan.Progress) {
	switch {
	case p.off || s.Finished:
	case p.bar != nil:
		p.bar.Describe(fmt.Sprintf("%s of %s, %s", number(s.Done), count(s.Inputs, "file"), count(s.Denials, "denial")))
		if s.Size > 0 {
			p.bar.ChangeMax64(s.Size)
			_ = p.bar.Set64(min(s.Packed, s.Size-1)) // a terminal that is gone takes no bar
		} else {
			_ = p.bar.Set64(s.Packed)
		}
	case !p.in.Now().Before(p.next):
		p.next = p.in.Now().Add(betweenLines)
		fmt.Fprintln(p.in.Stderr, "rolewhy: "+progressLine(s, p.in.Now().Sub(p.begun)))
	}
}

// progressLine tells how much was read, how fast, and how long the rest takes
// where that is known.
func progressLine(s scan.Progress, spent time.Duration) string {
	line := fmt.Sprintf("%s of %s, %s unpacked, %s", number(s.Done), count(s.Inputs, "file"), bytesOf(s.Bytes), count(s.Denials, "denial"))
	if spent <= 0 || s.Packed <= 0 {
		return line
	}
	line += fmt.Sprintf(", %s/s", bytesOf(int64(float64(s.Bytes)/spent.Seconds())))
	if left := s.Size - s.Packed; s.Listed && left > 0 {
		line += fmt.Sprintf(", %s left", time.Duration(float64(spent)*float64(left)/float64(s.Packed)).Round(time.Second))
	}
	return line
}

// end takes the bar away.
func (p *scanProgress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
