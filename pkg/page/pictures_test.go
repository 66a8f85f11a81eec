package page

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pictures is where the pictures of the documents are kept; make page-pictures
// gives it. Without it they are drawn all the same, and thrown away.
var pictures = flag.String("pictures", "", "write the pictures of the page into this directory")

// TestPictures draws the pages as the documents show them.
func TestPictures(t *testing.T) {
	dir := *pictures
	if dir == "" {
		dir = t.TempDir()
	}
	scan, audit := sampleScan(t), sampleAudit(t)
	for _, tt := range []struct {
		name, page, fragment string
		scheme, scrollTo     string
		width, height        int64
	}{
		{"page-list", scan, "", "light", "header", 1280, 900},
		{"page-incident", scan, "q=wildcard-in&open=" + idOf(t, scan, "wildcard-in-exact-operator"), "light", ".list", 1280, 1280},
		{"page-dark", scan, "cause=subject-mismatch&open=" + idOf(t, scan, "subject-mismatch"), "dark", "header", 1280, 1000},
		{"page-phone", scan, "cause=wildcard-in-exact-operator&open=" + idOf(t, scan, "wildcard-in-exact-operator"), "light", ".list", 360, 780},
		{"page-audit", audit, "open=" + idOf(t, audit, "subject-prefix-open"), "light", "header", 1280, 1000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := open(t, tt.page, tt.fragment, chromedp.EmulateViewport(tt.width, tt.height))
			p.prefer(tt.scheme)
			eval[bool](p, `document.activeElement.blur(), document.querySelector(`+quote(tt.scrollTo)+`).scrollIntoView(), true`)
			shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			size, err := png.DecodeConfig(bytes.NewReader(shot))
			if err != nil || size.Width != int(tt.width) || size.Height != int(tt.height) {
				t.Errorf("a picture of %d by %d, %v", size.Width, size.Height, err)
			}
			if err := os.WriteFile(filepath.Join(dir, tt.name+".png"), shot, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A page that does what it must not do is caught: otherwise the other tests
// would pass whatever it did.
func TestFaultsAreSeen(t *testing.T) {
	for name, tt := range map[string]struct{ added, fault string }{
		"a picture from elsewhere": {`<img src="http://127.0.0.1:9/x" alt="x">`, "Content Security Policy"},
		"a script of its own":      {`<script>window.caught = true</script>`, "Content Security Policy"},
		"a handler":                {`<img src="" alt="x" onerror="window.caught = true">`, "Content Security Policy"},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, strings.Replace(sampleAudit(t), "</main>", tt.added+"</main>", 1), "")
			if eval[bool](p, `"caught" in window`) {
				t.Error("it was run")
			}
			p.mu.Lock()
			defer p.mu.Unlock()
			if !strings.Contains(strings.Join(p.faults, "\n"), tt.fault) {
				t.Errorf("faults %q, want one that names the %s", p.faults, tt.fault)
			}
			p.faults = nil
		})
	}
}
