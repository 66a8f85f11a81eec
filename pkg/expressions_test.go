package pkg_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What package lazyregexp compiles at its first use is compiled here before, so
// that no broken expression reaches a user.
func TestLazyExpressionsCompile(t *testing.T) {
	found := 0
	for _, name := range trackedFiles(t) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, filepath.Join("..", name), nil, parser.SkipObjectResolution)
		if os.IsNotExist(err) {
			continue // removed, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range lazyExpressions(file) {
			found++
			if wrong := fault(call); wrong != "" {
				t.Errorf("%s: %s", files.Position(call.Pos()), wrong)
			}
		}
	}
	if found == 0 {
		t.Error("no expression was found: is lazyregexp.New still what they are made with?")
	}
}

// lazyExpressions finds the calls of lazyregexp.New.
func lazyExpressions(file *ast.File) (found []*ast.CallExpr) {
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		selector, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || selector.Sel.Name != "New" {
			return true
		}
		if of, ok := selector.X.(*ast.Ident); ok && of.Name == "lazyregexp" {
			found = append(found, call)
		}
		return true
	})
	return found
}

// fault is what is wrong with the expression that a call is given, "" where
// nothing is.
func fault(call *ast.CallExpr) string {
	literal, ok := call.Args[0].(*ast.BasicLit)
	if !ok {
		return "give lazyregexp.New a literal: nothing compiles another expression before its first use"
	}
	expression, err := strconv.Unquote(literal.Value)
	if err != nil {
		return err.Error()
	}
	if _, err := regexp.Compile(expression); err != nil {
		return err.Error()
	}
	return ""
}

func TestBrokenExpressionIsFound(t *testing.T) {
	for _, tt := range []struct {
		call  string
		wrong bool
	}{
		{"lazyregexp.New(`^a+$`)", false},
		{"lazyregexp.New(`(`)", true},
		{`lazyregexp.New("\\d" + suffix)`, true},
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\nvar x = "+tt.call, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		calls := lazyExpressions(file)
		if len(calls) != 1 {
			t.Fatalf("%s: found %d calls", tt.call, len(calls))
		}
		if got := fault(calls[0]); (got != "") != tt.wrong {
			t.Errorf("%s: got %q, want something: %t", tt.call, got, tt.wrong)
		}
	}
}
