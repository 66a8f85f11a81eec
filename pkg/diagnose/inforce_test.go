package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

var second = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// made is a change of the role so many seconds later, written as its call and
// the policy it set: "update main". Policies are told apart by their Sid.
func made(after int, call string) Change {
	name, sid, _ := strings.Cut(call, " ")
	ch := Change{Time: second.Add(time.Duration(after) * time.Second), Role: "deploy", Name: map[string]string{
		"create": madeRole, "delete": deletedRole, "update": setTrust, "describe": "UpdateRole",
	}[name]}
	if sid != "" {
		ch.Policy = named(sid)
	}
	return ch
}

func named(sid string) []byte {
	return fmt.Appendf(nil, `{"Version":"2012-10-17","Statement":[{"Sid":%q,"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRoleWithWebIdentity"}]}`, sid)
}

// sidOf reads what was in force back: "gone" where there was no role, "?" where
// it is not known.
func sidOf(then Known[[]byte]) string {
	switch then.Exists {
	case policy.No:
		return "gone"
	case policy.Unknown:
		return "?"
	}
	d, err := policy.Parse(then.Value)
	if err != nil {
		return err.Error()
	}
	return d.Statements[0].Sid.Value
}

// TestInForce has changes of which each list was made within one second, one
// list after the other.
func TestInForce(t *testing.T) {
	tests := []struct {
		name    string
		seconds [][]string
		want    string
		why     string
	}{
		{"nothing on record", nil, "?", ""},
		{"a change", [][]string{{"update main"}}, "main", ""},
		{"no change of trust", [][]string{{"update main"}, {"describe"}}, "main", ""},
		{"a policy that the record leaves out", [][]string{{"update main"}, {"update"}}, "?", "the record of UpdateAssumeRolePolicy by an unknown caller at 2026-03-01T00:00:01Z does not tell the policy"},
		{"a role whose policy the record leaves out", [][]string{{"create"}}, "?", "the record of CreateRole by an unknown caller at 2026-03-01T00:00:00Z does not tell the policy"},
		{"known again", [][]string{{"update"}, {"update main"}}, "main", ""},
		{"made and set at once", [][]string{{"create dev", "update main"}}, "main", ""},
		{"made and set at once, after it was deleted", [][]string{{"delete"}, {"create dev", "update main"}}, "main", ""},
		{"replaced at once", [][]string{{"update main"}, {"create dev", "delete"}}, "dev", ""},
		{"replaced at once, from what is not known", [][]string{{"create dev", "delete"}}, "dev", ""},
		{"made and deleted at once", [][]string{{"delete"}, {"create dev", "delete"}}, "gone", ""},
		{"set and deleted at once", [][]string{{"delete", "update main"}}, "gone", ""},
		{"made, set and deleted at once", [][]string{{"delete"}, {"delete", "update main", "create dev"}}, "gone", ""},
		{"replaced and set at once", [][]string{{"update other"}, {"create dev", "delete", "update main"}}, "?", "the trust policy was set more than once at 2026-03-01T00:00:01Z, and the records do not tell which came last"},
		{"set twice at once", [][]string{{"update main", "update dev"}}, "?", "the trust policy was set more than once at 2026-03-01T00:00:00Z, and the records do not tell which came last"},
		{"set twice at once to the same", [][]string{{"update main", "update main"}}, "main", ""},
		{"replaced and set at once to the same", [][]string{{"create main", "delete", "update main"}}, "main", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var changes []Change
			for i, calls := range tt.seconds {
				for _, call := range calls {
					changes = append(changes, made(i, call))
				}
			}
			then, ended := InForce(changes, second.Add(time.Hour))
			if sidOf(then) != tt.want || then.Why != tt.why || ended != nil {
				t.Errorf("in force was %s (%s) until %v, want %s (%s)", sidOf(then), then.Why, ended, tt.want, tt.why)
			}
		})
	}
}

// TestWhatEndedIt gives the first change of the trust policy that came later.
func TestWhatEndedIt(t *testing.T) {
	changes := []Change{made(0, "update main"), made(5, "describe"), made(6, "create other"), made(6, "delete"), made(9, "update")}
	for at, want := range map[int]string{-1: setTrust, 0: deletedRole, 5: deletedRole, 6: setTrust, 9: ""} {
		_, ended := InForce(changes, second.Add(time.Duration(at)*time.Second))
		if got := nameOf(ended); got != want {
			t.Errorf("what was in force after %d seconds was ended by %q, want %q", at, got, want)
		}
	}
}

func nameOf(ch *Change) string {
	if ch == nil {
		return ""
	}
	return ch.Name
}

// TestNewestChangeFirst has what was made in one second told in the order it
// can have been made in.
func TestNewestChangeFirst(t *testing.T) {
	c := caseWith(nil)
	c.Changes.Value = Chronological([]Change{made(1, "update main"), made(1, "create dev"), made(1, "delete"), made(0, "describe"), made(2, "delete"), made(2, "update dev")})
	var got []string
	for _, ch := range c.changes() {
		got = append(got, ch.Name)
	}
	if want := []string{deletedRole, setTrust, setTrust, madeRole, deletedRole}; !slices.Equal(got, want) {
		t.Errorf("changes = %q, want %q", got, want)
	}
}

// calls draws the calls of one second.
func calls(t *rapid.T) []string {
	call := rapid.SampledFrom([]string{"create main", "create dev", "update main", "update dev", "delete"})
	return rapid.SliceOfN(call, 1, 5).Draw(t, "calls")
}

// TestOrderWithinASecond holds what is told to be in force against every order
// in which calls succeed: IAM makes no role twice, and changes none that is gone.
func TestOrderWithinASecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SampledFrom([]string{"update old", "delete"}).Draw(t, "before")
		all := calls(t)
		changes := []Change{made(0, before)}
		for i, call := range all {
			ch := made(1, call)
			ch.EventID = fmt.Sprint(i)
			changes = append(changes, ch)
		}
		possible := map[string]bool{}
		start := "gone"
		if before != "delete" {
			start = "old"
		}
		outcomes(start, all, possible)
		then, _ := InForce(changes, second.Add(time.Minute))
		got := sidOf(then)
		switch {
		case len(possible) == 0: // the records are not all there are
		case len(possible) == 1 && !possible[got], len(possible) > 1 && got != "?":
			t.Fatalf("%s and %q leave %v, told %s", before, all, possible, got)
		}
	})
}

// outcomes adds what a role can be left with by calls, in whatever order.
func outcomes(state string, calls []string, to map[string]bool) {
	if len(calls) == 0 {
		to[state] = true
	}
	for i, call := range calls {
		name, next, _ := strings.Cut(call, " ")
		if (name == "create") != (state == "gone") {
			continue
		}
		if name == "delete" {
			next = "gone"
		}
		outcomes(next, slices.Delete(slices.Clone(calls), i, i+1), to)
	}
}

// TestOrderOfReading has the same told in whatever order changes come, and
// however often the record of one is read.
func TestOrderOfReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var changes []Change
		for at := range rapid.IntRange(1, 3).Draw(t, "seconds") {
			for i, call := range calls(t) {
				ch := made(at, call)
				ch.EventID = fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "id"), at, i)
				changes = append(changes, ch)
			}
		}
		again := append(slices.Clone(changes), changes[rapid.IntRange(0, len(changes)-1).Draw(t, "twice")])
		again = rapid.Permutation(again).Draw(t, "order")
		for at := range 4 {
			then, ended := InForce(changes, second.Add(time.Duration(at)*time.Second))
			got, end := InForce(again, second.Add(time.Duration(at)*time.Second))
			if sidOf(then) != sidOf(got) || then.Why != got.Why || nameOf(ended) != nameOf(end) {
				t.Fatalf("after %d seconds %s (%s), and %s (%s) in another order", at, sidOf(then), then.Why, sidOf(got), got.Why)
			}
		}
		shuffled := rapid.Permutation(changes).Draw(t, "another order")
		if a, b := Chronological(changes), Chronological(shuffled); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("%v, in another order %v", a, b)
		}
	})
}
