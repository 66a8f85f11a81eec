package pkg_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// forbidden is what no tracked file may contain. The words are put together
// here so that this file does not contain them.
var forbidden = []struct {
	why  string
	what *regexp.Regexp
	ext  []string // of the files it is about, nil for all
}{
	{"what is left to do belongs into an issue", regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX)\b`), nil},
	{"a path of one machine", regexp.MustCompile(`(^|[\s"'=(:])/(wor` + `k|roo` + `t|Use` + `rs)/`), nil},
	{"a host of a package registry: name packages, and let the user's settings say from where", regexp.MustCompile(`(proxy\.golan` + `g\.org|pyp` + `i\.org|pythonhoste` + `d\.org|registry\.npmj` + `s\.org)`), nil},
	{"main alone decides how the process ends", regexp.MustCompile(`\blog\.(Fat` + `al|Pan` + `ic)`), []string{".go"}},
}

func TestFilesAreFreeOfWhatIsForbidden(t *testing.T) {
	for _, name := range trackedFiles(t) {
		text, err := os.ReadFile(filepath.Join("..", name))
		if os.IsNotExist(err) {
			continue // removed, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(text) {
			continue // a picture or an archive
		}
		for _, f := range forbidden {
			if f.ext != nil && !slices.Contains(f.ext, filepath.Ext(name)) {
				continue
			}
			if at := f.what.FindIndex(text); at != nil {
				t.Errorf("%s:%d: %q: %s", name, strings.Count(string(text[:at[0]]), "\n")+1, text[at[0]:at[1]], f.why)
			}
		}
	}
}

// A test that skips is a test that nobody runs. What a test needs is put into
// place by make; where it is missing, the test fails and says so.
func TestNoTestSkips(t *testing.T) {
	for _, name := range trackedFiles(t) {
		if !strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, filepath.Join("..", name), nil, parser.SkipObjectResolution)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range skips(file) {
			t.Errorf("%s: a test that skips is a test that nobody runs", files.Position(call.Pos()))
		}
	}
}

// skips finds the calls of Skip, Skipf and SkipNow.
func skips(file *ast.File) (found []*ast.CallExpr) {
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		switch selector.Sel.Name {
		case "Skip", "Skipf", "SkipNow":
			found = append(found, call)
		}
		return true
	})
	return found
}

func trackedFiles(t *testing.T) []string {
	t.Helper()
	return lines(t, "git", "-C", "..", "ls-files")
}
