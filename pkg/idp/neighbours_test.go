package idp

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// subjects are those of all examples, and some that examples do not have.
func subjects() (list []struct{ host, sub string }) {
	for _, p := range Providers {
		for _, e := range p.Examples {
			list = append(list, struct{ host, sub string }{e.Host, e.Sub})
		}
	}
	for _, sub := range []string{"0.4.2", "v1.2", "nightly", "release-1.0"} {
		list = append(list, struct{ host, sub string }{hostGitHub, "repo:o/r:ref:refs/tags/" + sub})
		list = append(list, struct{ host, sub string }{"agent.buildkite.com", "organization:o:pipeline:p:ref:refs/tags/" + sub + ":commit:c:step:s"})
	}
	for _, sub := range []string{
		"system:serviceaccount:m:12345678-1234-1234-1234-123456789012", "system:serviceaccount:a:b.20241101",
		"system:serviceaccount:default:default", "system:serviceaccounts:a", "a:b:c:d", "::", "",
	} {
		list = append(list, struct{ host, sub string }{hostUnknown, sub})
	}
	return list
}

func TestNeighbours(t *testing.T) {
	for _, s := range subjects() {
		p := FindFor(s.host, s.sub)
		got := p.Neighbours(s.sub)
		if len(got) > maxNeighbours {
			t.Errorf("%q has %d neighbours", s.sub, len(got))
		}
		if slices.Contains(got, s.sub) {
			t.Errorf("%q is its own neighbour", s.sub)
		}
		if slices.Sort(got); len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Errorf("%q: neighbours repeat", s.sub)
		}
		pattern, _, ok := p.Pattern(s.sub)
		for _, n := range got {
			if ok && policy.Like(pattern, n) {
				t.Errorf("%q: the pattern %q admits the neighbour %q", s.sub, pattern, n)
			}
		}
	}
}

// TestNeighboursOfAnotherHand holds the neighbours against an independent
// list of what a careful change goes on refusing; only values that are new in
// every run may be left out.
func TestNeighboursOfAnotherHand(t *testing.T) {
	for _, s := range subjects() {
		p := FindFor(s.host, s.sub)
		if len(p.generated) > 0 || s.sub == "" {
			continue
		}
		got := p.Neighbours(s.sub)
		for _, want := range plainNeighbours(s.sub) {
			if want != s.sub && !slices.Contains(got, want) {
				t.Errorf("%s: neighbours of %q lack %q", p.ID, s.sub, want)
			}
		}
	}
}

var plainTail = regexp.MustCompile(`[-.][0-9a-f]*\d[0-9a-f]*$`)

// plainNeighbours is written without regard to speed and without the parts of
// Parse.
func plainNeighbours(sub string) (out []string) {
	words := strings.Split(sub, ":")
	switch {
	case strings.HasPrefix(sub, serviceAccountPrefix) && len(words) == 4:
		space, name := words[2], words[3]
		tail := plainTail.FindString(name)
		if len(tail) < 6 {
			tail = ""
		}
		for _, pair := range [][2]string{
			{space + "x", name},
			{"x" + space, name},
			{space, strings.TrimSuffix(name, tail) + "x" + tail},
			{space, "x" + name},
			{intruder, name},
			{space, intruder},
			{intruder, intruder},
		} {
			out = append(out, serviceAccountPrefix+pair[0]+":"+pair[1])
		}
	case strings.HasPrefix(sub, "repo:"):
		owner, rest, _ := strings.Cut(sub[len("repo:"):], "/")
		repository, tail, _ := strings.Cut(rest, ":")
		for _, t := range [][3]string{
			{intruder, repository, tail},
			{owner + "x", repository, tail},
			{"x" + owner, repository, tail},
			{owner, repository + "x", tail},
			{owner, intruder, tail},
			{owner, repository, "pull_request"},
			{owner, repository, "ref:refs/heads/intruder"},
			{owner, repository, "environment:intruder"},
			{intruder, intruder, tail},
		} {
			out = append(out, "repo:"+t[0]+"/"+t[1]+":"+t[2])
		}
		if name, _, ok := strings.Cut(owner, "@"); ok {
			repositoryName, _, _ := strings.Cut(repository, "@")
			out = append(out, "repo:"+name+"@999999999/"+repositoryName+"@999999999:"+tail)
		}
	default:
		for i := 1; i < len(words); i += 2 {
			for _, word := range []string{intruder, words[i] + "x"} {
				if words[i] != "" {
					out = append(out, strings.Join(slices.Concat(words[:i], []string{word}, words[i+1:]), ":"))
				}
			}
		}
	}
	return out
}
