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
	in   *invocation
	bar  *progressbar.ProgressBar // nil: no terminal
	off  bool
	next time.Time
}

// betweenLines is the time between two lines.
const betweenLines = 10 * time.Second

func (x *scanning) newProgress() *scanProgress {
	p := &scanProgress{in: x.invocation, next: x.Now().Add(betweenLines)}
	terminal := x.ErrColumns > 0 && x.Env("TERM") != "dumb"
	p.off = x.progress == "never"
	if terminal && !p.off {
		p.bar = progressbar.NewOptions64(-1,
			progressbar.OptionSetWriter(x.Stderr), progressbar.OptionShowBytes(true), progressbar.OptionShowTotalBytes(true),
			progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetWidth(24), progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// show is called by the scanner.
func (p *scanProgress) show(s scan.Progress) {
	switch {
	case p.off || s.Finished:
	case p.bar != nil:
		p.bar.ChangeMax64(max(s.Size, 1))
		p.bar.Describe(fmt.Sprintf("%d/%d files, %d denials", s.Done, s.Inputs, s.Denials))
		_ = p.bar.Set64(min(s.Packed, max(s.Size, 1))) // a terminal that is gone takes no bar
	case !p.in.Now().Before(p.next):
		p.next = p.in.Now().Add(betweenLines)
		fmt.Fprintf(p.in.Stderr, "rolewhy: %d of %d files, %d MB unpacked, %d denials\n", s.Done, s.Inputs, s.Bytes>>20, s.Denials)
	}
}

// end takes the bar away.
func (p *scanProgress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
