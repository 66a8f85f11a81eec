package report

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDifference(t *testing.T) {
	for name, c := range map[string]struct {
		expected, actual string
		pattern          bool
		e, a             string // what is marked
	}{
		"equal":                  {"x", "x", false, "", ""},
		"typing error":           {"repo:acme/api:ref", "repo:acne/api:ref", false, "m", "n"},
		"part":                   {"repo:acme/api:ref:refs/heads/main", "repo:acme/web:ref:refs/heads/main", false, "api", "web"},
		"ends alike by accident": {"repo:a/b:environment:login", "repo:a/b:ref:refs/heads/main", false, "environment:login", "ref:refs/heads/main"},
		"starts alike":           {"system:serviceaccount:prod:app", "system:serviceaccount:preview:app", false, "prod", "preview"},
		"longer":                 {"sts.amazonaws.com", "sts.amazonaws.com.cn", false, "", ".cn"},
		"shorter":                {"system:serviceaccount:ns:app-sa", "system:serviceaccount:ns:app", false, "-sa", ""},
		"something is missing":   {"sts.amazonaws.com ", "sts.amazonaws.com", false, " ", ""},
		"something is more":      {"https://x", "https://x/", false, "", "/"},
		"letter case":            {"repo:Acme/api", "repo:acme/api", false, "A", "a"},
		"nothing in common":      {"abc", "xyz", false, "abc", "xyz"},
		"look-alike":             {"repo:acme/api", "repo:аcme/api", false, "a", "а"},

		"pattern, one part":      {"repo:acme/api:*", "repo:acme/web:ref:refs/heads/main", true, "api", "web"},
		"pattern, owner":         {"repo:acme/*:ref:refs/heads/*", "repo:evil/api:ref:refs/heads/main", true, "acme", "evil"},
		"pattern, other form":    {"repo:acme/api:ref:refs/heads/*", "repo:acme/api:environment:prod", true, "ref:refs/heads/", "environment:prod"},
		"pattern, ids":           {"repo:acme/*", "repo:acme@12/api@34:ref:refs/heads/main", true, "", "@12"},
		"pattern, name ends":     {"repo:acme*", "repo:evil/api", true, "acme", "evil"},
		"pattern, end":           {"repo:acme/*:environment:prod", "repo:acme/api:environment:test", true, "prod", "test"},
		"pattern, middle":        {"repo:acme/*:ref:refs/tags/*", "repo:acme/api:ref:refs/heads/main", true, "tags", "heads"},
		"pattern, mark":          {"repo:acme/api?:*", "repo:acme/api:x", true, "api?", "api"},
		"pattern, literal star":  {"repo:acme/api:*", "repo:acme/api:environment:production", true, "", "environment:production"},
		"pattern, star in front": {"*::f/accounting/close::*::acme", "al@acme.com::f/finance/close::::acme", true, "accounting", "finance"},
		"pattern without stars":  {"repo:acme/api", "repo:acme/web", true, "api", "web"},
	} {
		find := difference
		if c.pattern {
			find = patternDifference
		}
		e, a := []rune(c.expected), []rune(c.actual)
		es, as := find(e, a)
		if got := string(e[es.start:es.end]); got != c.e {
			t.Errorf("%s: of %q is marked %q, want %q", name, c.expected, got, c.e)
		}
		if got := string(a[as.start:as.end]); got != c.a {
			t.Errorf("%s: of %q is marked %q, want %q", name, c.actual, got, c.a)
		}
	}
}

// What is outside of the marks is the same in both values.
func TestDifferenceMarksAllThatDiffers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := []rune(rapid.StringMatching(`[ab:/]{0,12}`).Draw(t, "expected"))
		a := []rune(rapid.StringMatching(`[ab:/]{0,12}`).Draw(t, "actual"))
		es, as := difference(e, a)
		if string(e[:es.start])+"|"+string(e[es.end:]) != string(a[:as.start])+"|"+string(a[as.end:]) {
			t.Fatalf("%q %v and %q %v differ outside of the marks", string(e), es, string(a), as)
		}
	})
}

func TestPatternDifferenceStaysWithinBothValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := []rune(rapid.StringMatching(`[ab:?*]{0,12}`).Draw(t, "pattern"))
		a := []rune(rapid.StringMatching(`[ab:]{0,12}`).Draw(t, "actual"))
		es, as := patternDifference(e, a)
		_, _ = e[es.start:es.end], a[as.start:as.end]
	})
}

func TestComparison(t *testing.T) {
	long := strings.Repeat("x", 200)
	for name, c := range map[string]struct {
		expected, actual string
		pattern          bool
		width            int
		want             string
	}{
		"short": {"repo:acme/api:a", "repo:acme/api:bc", false, 40, `
repo:acme/api:a
repo:acme/api:bc
              ^^`},
		"missing": {"sts.amazonaws.com", "sts.amazonaws.co", false, 40, `
sts.amazonaws.com
sts.amazonaws.co
                ^`},
		"trailing blank": {"sts.amazonaws.com ", "sts.amazonaws.com", false, 40, `
sts.amazonaws.com␠
sts.amazonaws.com
                 ^`},
		"leading blanks": {"  a", "a", false, 40, `
␠␠a
a
^^`},
		"invisible": {"repo:ac\u200bme/api", "repo:acme/api", false, 40, `
repo:ac⟨U+200B⟩me/api
repo:acme/api
       ^^^^^^^^`},
		"no-break space": {"a\u00a0b", "a b", false, 40, `
a⟨U+00A0⟩b
a b
 ^`},
		"wide": {"東京a", "東京b", false, 40, `
東京a
東京b
    ^`},
		"long common beginning": {"repo:" + long + ":a", "repo:" + long + ":b", false, 30, `
repo:…xxxxxxxxxxxxxxxxxxxxxx:a
repo:…xxxxxxxxxxxxxxxxxxxxxx:b
                             ^`},
		"long common end": {"a:" + long, "b:" + long, false, 30, `
a:xxxxxxxxxxxxxxxxxxxxxxxxxxx…
b:xxxxxxxxxxxxxxxxxxxxxxxxxxx…
^`},
		"long difference": {"repo:" + long, "repo:y", false, 30, `
repo:xxxxxxxxxxxxxxxx…xxxxxxxx
repo:y
     ^`},
	} {
		got := compare(c.expected, c.actual, c.pattern).fit(c.width)
		text := "\n" + got.expected.paintedBy(as) + "\n" + got.actual.paintedBy(as) + "\n" + got.carets()
		if text != c.want {
			t.Errorf("%s:%s\nwant:%s", name, text, c.want)
		}
	}
}

func as(s string) string { return s }

func TestRowsFitAnyWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(26, 120).Draw(t, "width")
		text := rapid.SliceOfN(rapid.StringMatching(`[a東\x00:]{0,60}`), 2, 2).Draw(t, "texts")
		c := compare(text[0], text[1], rapid.Bool().Draw(t, "pattern")).fit(width)
		for _, got := range []int{c.expected.width(), c.actual.width()} {
			if got > width {
				t.Fatalf("a row is %d columns wide, not %d", got, width)
			}
		}
	})
}
