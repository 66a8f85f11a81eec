package page

import (
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// call runs a command of the DevTools protocol:
// https://chromedevtools.github.io/devtools-protocol/
func call[P, R any](p *tab, command cdp.Command[P, R], params P) R {
	p.Helper()
	r, err := chromedp.Call(p.ctx, command, params)
	if err != nil {
		p.Fatal(err)
	}
	return r
}

// prefer has the system prefer light or dark.
func (p *tab) prefer(scheme string) {
	p.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// forceColors has the system give the page its colours, as for high contrast.
func (p *tab) forceColors() {
	p.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}},
	})
}

// onPaper shows the page as it is printed.
func (p *tab) onPaper() {
	p.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	eval[bool](p, `window.dispatchEvent(new Event("beforeprint"))`)
}

// offPaper shows the page as on screen again.
func (p *tab) offPaper() {
	p.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
	eval[bool](p, `window.dispatchEvent(new Event("afterprint"))`)
}

// sendQuery types into the search, after what is there.
func sendQuery(words string) step {
	return chromedp.SendKeys(chromedp.CSS("#query"), words)
}

// resize gives the page a window, or the screen of a phone.
func (p *tab) resize(width, height int64) {
	p.Helper()
	p.do(chromedp.EmulateViewport(width, height))
}
