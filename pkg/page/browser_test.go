package page

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// unpacked is where make tools puts a browser on machines that get none from
// Debian.
const unpacked = "../../.tools/chromium"

// browser is one Chromium for all tests of the package, each in a tab.
var browser = sync.OnceValues(func() (context.Context, error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.WindowSize(1440, 1000))
	allocator, _ := chromedp.NewExecAllocator(context.Background(), append(options, executable()...)...) // TestMain ends it
	ctx, _ := chromedp.NewContext(allocator)
	return ctx, chromedp.Do(ctx)
})

// executable says where the browser is: on the path, or where it was unpacked
// with the libraries and fonts that it needs. That one is built to run without
// a zygote.
func executable() []chromedp.ExecAllocatorOption {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return []chromedp.ExecAllocatorOption{chromedp.ExecPath(path)}
		}
	}
	dir, err := filepath.Abs(unpacked)
	if err != nil {
		return nil
	}
	return []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(filepath.Join(dir, "chromium")), chromedp.Flag("no-zygote", true),
		chromedp.Env("LD_LIBRARY_PATH="+filepath.Join(dir, "al2023", "lib"), "FONTCONFIG_PATH="+filepath.Join(dir, "fonts")),
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if ctx, err := browser(); err == nil && chromedp.Cancel(ctx) != nil && code == 0 {
		code = 1
	}
	os.Exit(code)
}

// tab is a page in the browser, with what it did that a page must not do.
type tab struct {
	*testing.T
	ctx  context.Context
	file string

	mu     sync.Mutex
	faults []string // messages on the console, and requests beyond the page itself
}

// step is something done in a tab.
type step = chromedp.Action[chromedp.Void]

// open writes a page to disk and opens it with a fragment, after some steps.
// When the test ends, the page must have had no fault.
func open(t *testing.T, html, fragment string, before ...step) *tab {
	t.Helper()
	parent, err := browser()
	if err != nil {
		t.Fatalf("no Chromium: %v. `make tools` sees to one; Debian has it in the package chromium", err)
	}
	ctx, closeTab := chromedp.NewContext(parent)
	name := filepath.Join(t.TempDir(), "page.html")
	p := &tab{T: t, ctx: ctx, file: "file://" + name}
	t.Cleanup(func() {
		p.mustBeQuiet()
		closeTab()
	})
	if err := os.WriteFile(name, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	p.do()
	if err := chromedp.Listen(ctx, p.watch); err != nil {
		t.Fatal(err)
	}
	call(p, network.Enable, network.EnableParams{})
	p.do(append(before, chromedp.Navigate(p.file+"#"+fragment))...)
	return p
}

// watch notes faults.
func (p *tab) watch(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.faults = append(p.faults, "a message on the console")
	case *log.EventEntryAdded:
		p.faults = append(p.faults, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || "file://"+u.Path != p.file {
			p.faults = append(p.faults, "a request for "+e.Request.URL)
		}
	}
}

func (p *tab) mustBeQuiet() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range p.faults {
		p.Errorf("the page had a fault: %s", fault)
	}
}

func (p *tab) do(steps ...step) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

func (p *tab) click(selector string) {
	p.Helper()
	p.do(chromedp.Click(chromedp.CSS(selector)))
}

func (p *tab) press(keys string) {
	p.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// eval is the value of an expression within a page.
func eval[T any](p *tab, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return value
}

// text is what an element says.
func (p *tab) text(selector string) string {
	p.Helper()
	return eval[string](p, `document.querySelector(`+quote(selector)+`).textContent`)
}

// texts is what several elements say.
func (p *tab) texts(selector string) []string {
	p.Helper()
	return eval[[]string](p, `[...document.querySelectorAll(`+quote(selector)+`)].map((node) => node.textContent)`)
}

func (p *tab) count(selector string) int {
	p.Helper()
	return eval[int](p, `document.querySelectorAll(`+quote(selector)+`).length`)
}

// hits is what the live region says.
func (p *tab) hits() string {
	p.Helper()
	return p.text("#hits")
}

// fragment is what stands behind # in the address.
func (p *tab) fragment() string {
	p.Helper()
	return strings.TrimPrefix(eval[string](p, `location.hash`), "#")
}

// opened counts the rows that are open.
func (p *tab) opened() int {
	p.Helper()
	return p.count(".row[aria-expanded=true]")
}
