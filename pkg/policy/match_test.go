package policy_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

func TestLike(t *testing.T) {
	tests := []struct {
		pattern, s string
		like, fold bool
	}{
		{"", "", true, true},
		{"", "a", false, false},
		{"*", "", true, true},
		{"?", "", false, false},
		{"a*", "A/b:c", false, true},
		{"**a**", "ba", true, true},
		{"a?c", "aéc", true, true},
		{"a??c", "aéc", false, false},
		{"a?c", "a😀c", true, true},
		{"?", "\xff", true, true},
		{"\xff", "\xfe", false, false},
		{"\xff", "\uFFFD", false, false},
		{"É*", "éa", false, true},
		{"a*b", "a\nb", true, true},
		{"a.b", "axb", false, false},
		{"[a-c]*", "b", false, false},
		{"*ab*ab*", "abab", true, true},
		{"*ab*ab*", "aba", false, false},
		{"*:ref:refs/heads/*", "repo:o/r:ref:refs/heads/main", true, true},
		{"@", "`", false, false},
	}
	for _, test := range tests {
		if got := policy.Like(test.pattern, test.s); got != test.like {
			t.Errorf("Like(%q, %q) = %v", test.pattern, test.s, got)
		}
		if got := policy.LikeFold(test.pattern, test.s); got != test.fold {
			t.Errorf("LikeFold(%q, %q) = %v", test.pattern, test.s, got)
		}
	}
}

// naiveLike says what a pattern means in the fewest words.
func naiveLike(pattern, s []rune) bool {
	switch {
	case len(pattern) == 0:
		return len(s) == 0
	case pattern[0] == '*':
		return naiveLike(pattern[1:], s) || len(s) > 0 && naiveLike(pattern, s[1:])
	case len(s) == 0:
		return false
	}
	return (pattern[0] == '?' || pattern[0] == s[0]) && naiveLike(pattern[1:], s[1:])
}

func TestLikeIsNaiveLike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune("ab:é*?")), 0, 12, -1).Draw(t, "pattern")
		s := rapid.StringOfN(rapid.RuneFrom([]rune("ab:é*")), 0, 12, -1).Draw(t, "s")
		if got, want := policy.Like(pattern, s), naiveLike([]rune(pattern), []rune(s)); got != want {
			t.Errorf("Like(%q, %q) = %v", pattern, s, got)
		}
		folded := naiveLike([]rune(strings.ToLower(pattern)), []rune(strings.ToLower(s)))
		if got := policy.LikeFold(strings.ToUpper(pattern), s); got != folded {
			t.Errorf("LikeFold(%q, %q) = %v", strings.ToUpper(pattern), s, got)
		}
	})
}

func FuzzLike(f *testing.F) {
	f.Add("repo:*:ref:refs/heads/?*", "repo:o/r:ref:refs/heads/main")
	f.Add("*a*b*\xff", "aabb\xff")
	f.Fuzz(func(t *testing.T, pattern, s string) {
		got := policy.Like(pattern, s)
		if got && !policy.LikeFold(pattern, s) {
			t.Error("ignoring case matches less")
		}
		if len(pattern) > 20 || len(s) > 20 || !utf8.ValidString(pattern) || !utf8.ValidString(s) {
			return
		}
		if want := naiveLike([]rune(pattern), []rune(s)); got != want {
			t.Errorf("Like(%q, %q) = %v", pattern, s, got)
		}
	})
}

// TestLikeIsNotExponential would not end in time if stars were tried in turn.
func TestLikeIsNotExponential(t *testing.T) {
	if policy.Like(strings.Repeat("a*", 50)+"b", strings.Repeat("a", 2000)) {
		t.Error("matched")
	}
}
