package pkg_test

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
)

var update = flag.Bool("update", false, "write the generated documents anew")

const providersDocument = "../docs/providers.md"

// TestProvidersDocument holds docs/providers.md against the providers it is
// made of.
func TestProvidersDocument(t *testing.T) {
	want := providersPage(idp.Providers)
	if *update {
		if err := os.WriteFile(providersDocument, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(providersDocument)
	if err != nil {
		t.Fatalf("%v; make docs writes it", err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/providers.md is stale; make docs writes it anew (-want +got):\n%s", diff)
	}
}

const providersIntroduction = `# Identity providers

What rolewhy knows of each, as of November 2026. This page is made from ` + "`pkg/idp`" + ` by ` + "`make docs`" + `.

- **Issuer**: how it is written. The IAM OIDC provider and the condition keys carry it without ` + "`https://`" + `.
- **Audience**: the usual ones; the one that is usual for AWS comes first.
- **Subject**: the forms of ` + "`sub`" + `, the most specific first. ` + "`{name}`" + ` is a part without colon and slash, ` + "`{name+}`" + ` one that
  may have slashes, ` + "`{name*}`" + ` any text or nothing, ` + "`?` and `~`" + ` a part that may be empty, ` + "`{...}`" + ` more pairs of key and value.
- **Strangers**: whether anybody in the world can get a token of this issuer. Then a denial may be right, and rolewhy looks
  whether the account trusts the caller's owner anywhere.

`

func providersPage(providers []*idp.Provider) string {
	var b strings.Builder
	b.WriteString(providersIntroduction)
	b.WriteString("| ID | Name | Issuer | Audience | Subject | Strangers |\n|---|---|---|---|---|---|\n")
	for _, p := range providers {
		name := p.Name
		if p.Docs != "" {
			name = fmt.Sprintf("[%s](%s)", p.Name, p.Docs)
		}
		var subjects []string
		for _, s := range p.Subjects {
			subjects = append(subjects, s.Name+": "+code(s.Template))
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", p.ID, name, code(p.Issuer),
			codes(p.Audiences), strings.Join(subjects, "<br>"), strangers(p.Open))
	}
	return b.String()
}

// strangers words whether an issuer is open to all.
func strangers(open policy.Result) string {
	switch open {
	case policy.Yes:
		return "yes"
	case policy.No:
		return "no"
	}
	return "it depends"
}

// code is a value as code within a cell of a table.
func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
}

func codes(values []string) string {
	all := make([]string, 0, len(values))
	for _, v := range values {
		all = append(all, code(v))
	}
	return strings.Join(all, ", ")
}

// sample finds a block that shows a file, named in the comment before it.
var sample = regexp.MustCompile("(?s)<!-- shows (\\S+) -->\n```text\n(.*?)```\n")

// TestPagesShowSamples holds the samples within pages against the files that
// they show.
func TestPagesShowSamples(t *testing.T) {
	shown := 0
	for _, name := range trackedFiles(t) {
		if filepath.Ext(name) != ".md" {
			continue
		}
		path := filepath.Join("..", name)
		text := read(t, path)
		want := sample.ReplaceAllStringFunc(text, func(block string) string {
			shown++
			file := sample.FindStringSubmatch(block)[1]
			return "<!-- shows " + file + " -->\n```text\n" + read(t, filepath.Join("..", file)) + "```\n"
		})
		keep(t, path, text, want)
	}
	if shown == 0 {
		t.Error("no page shows a sample")
	}
}

// held finds a part of a page that is the text of a file, named in the comment
// before it.
var held = regexp.MustCompile(`(?s)<!-- holds (\S+) -->\n(.*?)<!-- end -->\n`)

// TestPagesHoldFigures holds the figures within pages against the files that
// the measurements write.
func TestPagesHoldFigures(t *testing.T) {
	parts := 0
	for _, name := range trackedFiles(t) {
		if filepath.Ext(name) != ".md" {
			continue
		}
		path := filepath.Join("..", name)
		text := read(t, path)
		want := held.ReplaceAllStringFunc(text, func(part string) string {
			parts++
			file := held.FindStringSubmatch(part)[1]
			return "<!-- holds " + file + " -->\n\n" + strings.TrimSpace(read(t, filepath.Join("..", file))) + "\n\n<!-- end -->\n"
		})
		keep(t, path, text, want)
	}
	if parts == 0 {
		t.Error("no page holds figures")
	}
}

// keep compares a page with what it should be, or with -update writes it.
func keep(t *testing.T, path, text, want string) {
	t.Helper()
	if *update && want != text {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		text = want
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("%s shows what has changed; make docs writes it anew (-want +got):\n%s", path, diff)
	}
}

// read is the text of a file, "" where it was removed and that is not
// committed yet.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(text)
}

// markdownLink finds the targets of links, images included.
var markdownLink = regexp.MustCompile(`\]\(([^()\s]+)\)`)

// TestLinksLead wants every relative link of every page to lead to a file of
// the tree.
func TestLinksLead(t *testing.T) {
	for _, name := range trackedFiles(t) {
		if filepath.Ext(name) != ".md" || strings.Contains(name, "testdata/") {
			continue
		}
		text := read(t, filepath.Join("..", name))
		for _, link := range markdownLink.FindAllStringSubmatch(text, -1) {
			target, err := url.Parse(link[1])
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if target.Scheme != "" || target.Path == "" {
				continue
			}
			if _, err := os.Stat(filepath.Join("..", filepath.Dir(name), target.Path)); err != nil {
				t.Errorf("%s links to %s: %v", name, link[1], err)
			}
		}
	}
}
