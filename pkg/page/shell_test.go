package page

import (
	"errors"
	"fmt"
	"html"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// The policy lets in what is there, and nothing else.
func TestContentPolicy(t *testing.T) {
	page := sampleScan(t)
	policy := html.UnescapeString(find(t, page, `http-equiv="Content-Security-Policy" content="([^"]*)"`))
	want := fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; base-uri 'none'; form-action 'none'",
		digest(find(t, page, `(?s)<script>(.*?)</script>`)), digest(find(t, page, `(?s)<style>(.*?)</style>`)))
	if policy != want {
		t.Errorf("%s\nwant %s", policy, want)
	}
	if n := strings.Count(page, "<script"); n != 2 {
		t.Errorf("%d scripts", n)
	}
	if handler := regexp.MustCompile(`<[a-z]+ [^>]*\b(on[a-z]+|style|src)=`).FindString(dataElement.ReplaceAllString(page, "")); handler != "" {
		t.Errorf("the page has %s", handler)
	}
}

func find(t *testing.T, text, pattern string) string {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no %s", pattern)
	}
	return m[1]
}

// Values go to the page as text, and in no other way.
func TestScriptsParseNoMarkup(t *testing.T) {
	for _, name := range scripts {
		for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "fetch(", "XMLHttpRequest", "import(", "</script", "<!--"} {
			if strings.Contains(asset(name), bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
	}
}

func TestEveryScriptIsInThePage(t *testing.T) {
	files, err := filepath.Glob("assets/*.js")
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	if got := slices.Sorted(slices.Values(scripts)); !slices.Equal(got, files) {
		t.Errorf("scripts %v, files %v", got, files)
	}
}

func TestTheScriptIsWellFormed(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "node", "--check", "-")
	cmd.Stdin = strings.NewReader(script())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The functions that do not touch the page are tested by Node's own runner.
func TestPureFunctions(t *testing.T) {
	if out, err := exec.CommandContext(t.Context(), "node", "--test", "testdata/pure.test.mjs").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// full is a disk that takes so many bytes.
type full int

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if len(p) > int(*f) {
		return 0, errFull
	}
	*f -= full(len(p))
	return len(p), nil
}

func TestErrorsOfTheWriterAreTold(t *testing.T) {
	room := full(100)
	if err := Scan(&room, &scan.Result{}); !errors.Is(err, errFull) || !strings.Contains(err.Error(), "write page") {
		t.Errorf("scan: %v", err)
	}
	if err := Audit(&room, &audit.Result{}); !errors.Is(err, errFull) {
		t.Errorf("audit: %v", err)
	}
}
