package diagnose

import (
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	for _, test := range []struct {
		values []string
		want   string
	}{
		{nil, ""},
		{[]string{"a"}, `"a"`},
		{[]string{"a", "b", "c", "d", "e"}, `"a", "b", "c", "d", "e"`},
		{[]string{"a", "b", "c", "d", "e", "f", "g"}, `"a", "b", "c", "d", "e" and 2 more`},
	} {
		if got := list(test.values); got != test.want {
			t.Errorf("list(%q) = %s, want %s", test.values, got, test.want)
		}
	}
}

func TestNearest(t *testing.T) {
	long := strings.Repeat("x", 2000)
	for _, test := range []struct {
		name   string
		values []string
		s      string
		want   string
	}{
		{"none", nil, "a", ""},
		{"one", []string{"zzz"}, "a", "zzz"},
		{"fewest edits", []string{"repo:a/b:*", "repo:a/c:x"}, "repo:a/c:y", "repo:a/c:x"},
		{"first of equals", []string{"b", "c"}, "a", "b"},
		{"long texts are compared by their beginnings", []string{long + "a", "y"}, long, long + "a"},
	} {
		if got := nearest(test.values, test.s); got != test.want {
			t.Errorf("%s: nearest is %.20q, want %.20q", test.name, got, test.want)
		}
	}
}

func TestQuoteName(t *testing.T) {
	for in, want := range map[string]string{
		"deploy": "deploy", "a_b+c=d,e.f@g-h": "a_b+c=d,e.f@g-h", "two words": `"two words"`, "": `""`, "$(id)": `"$(id)"`,
		strings.Repeat("a", 64): strings.Repeat("a", 64),
	} {
		if got := quoteName(in); got != want {
			t.Errorf("quoteName(%q) = %s, want %s", in, got, want)
		}
	}
	if got := quoteName(strings.Repeat("a", 65)); !strings.HasPrefix(got, `"`) {
		t.Errorf("a name of 65 characters is not quoted: %s", got)
	}
}

func TestCutPrefixFold(t *testing.T) {
	for _, test := range []struct {
		s, prefix, rest string
		ok              bool
	}{
		{"Gitlab.com:sub", "gitlab.com", ":sub", true},
		{"gitlab.com", "gitlab.com:", "gitlab.com", false},
		{"x", "", "x", true},
		{"", "a", "", false},
	} {
		if rest, ok := cutPrefixFold(test.s, test.prefix); rest != test.rest || ok != test.ok {
			t.Errorf("cutPrefixFold(%q, %q) = %q, %v", test.s, test.prefix, rest, ok)
		}
	}
}

func TestRoleName(t *testing.T) {
	for in, want := range map[string]string{
		"arn:aws:iam::111122223333:role/deploy": "deploy", "arn:aws:iam::111122223333:role/ci/prod/deploy": "deploy", "deploy": "deploy", "": "",
	} {
		if got := roleName(in); got != want {
			t.Errorf("roleName(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMentionsAny(t *testing.T) {
	for _, test := range []struct {
		message string
		words   []string
		want    bool
	}{
		{"Incorrect Token Audience", []string{"token audience"}, true},
		{"Incorrect token", []string{"audience", "incorrect"}, true},
		{"Incorrect token", []string{"audience"}, false},
		{"", []string{"a"}, false},
		{"a", nil, false},
	} {
		if got := mentionsAny(test.message, test.words...); got != test.want {
			t.Errorf("mentionsAny(%q, %q) = %v", test.message, test.words, got)
		}
	}
}
