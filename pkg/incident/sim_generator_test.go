package incident_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// scale is how much happens in a simulation.
type scale struct {
	Days, Roles, Events, Strangers int
	Bursts                         int           // of 4,300 calls in seven minutes
	Longest                        time.Duration // of a trouble
}

// generator lays down all that is going to happen. The same seed gives the same.
type generator struct {
	*rand.Rand
	scale      scale
	start, end time.Time
	estate     *estate
	streams    []*stream
	byKey      map[string]*stream
	edits      []*edit
	long       []trouble // to which pods may be added
	reserved   map[*role][]span
	base       map[*role]map[string]bool // whom a role lets in as things stand while it is generated
	weather    []weather
	count      int
}

// span is from one time until before another.
type span struct{ from, to time.Time }

func (s span) has(t time.Time) bool      { return !t.Before(s.from) && t.Before(s.to) }
func (s span) meets(other span) bool     { return s.from.Before(other.to) && other.from.Before(s.to) }
func (s span) length() time.Duration     { return s.to.Sub(s.from) }
func (g *generator) in(s span) time.Time { return s.from.Add(g.upTo(s.length())) }

// trouble is a time in which a stream fails.
type trouble struct {
	*stream
	span
}

// generate lays down a month, or what the scale says.
func generate(seed uint64, s scale) *generator {
	g := &generator{
		Rand: rand.New(rand.NewPCG(seed, 1)), scale: s, byKey: map[string]*stream{},
		start:    time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC),
		reserved: map[*role][]span{}, base: map[*role]map[string]bool{},
	}
	g.end = g.start.Add(time.Duration(s.Days) * day)
	g.found()
	g.reserve()
	for _, r := range g.estate.ordered {
		g.lifeOf(r)
	}
	g.sortVersions()
	g.stormTroubles()
	g.sortVersions()
	g.strangers()
	g.fill()
	g.streams = slices.DeleteFunc(g.streams, func(s *stream) bool { return len(s.calls) == 0 })
	g.forecast()
	return g
}

// found makes the accounts, issuers and roles.
func (g *generator) found() {
	g.estate = &estate{roles: map[string]*role{}, issuers: map[string]*issuer{}, byAccount: map[string][]*role{}}
	last := [...]string{"gitlab", "gitlab", "terraform", "buildkite"}
	for i := range g.scale.Roles {
		account := i % 4
		kind := [...]string{"eks-a", "eks-a", "eks-b", "eks-b", "eks-b", "github", "github", last[account]}[i/4%8]
		g.foundRole(accountNumber(account), kind, i)
	}
}

func (g *generator) foundRole(account, kind string, i int) {
	kind, cluster, _ := strings.Cut(kind, "-")
	name := fmt.Sprintf("service-%d", i)
	if i == 8 || i == 20 {
		name = fmt.Sprintf("sandbox-%d", i) // kept quiet by a rule
	}
	r := &role{
		account: account, name: name, arn: "arn:aws:iam::" + account + ":role/" + name,
		issuer: g.foundIssuer(account, cluster, platforms[kind]), callers: platforms[kind].callers(name),
	}
	first := r.callers[0].name
	g.base[r] = map[string]bool{first: true}
	r.versions = []version{r.trust(otherNames, first)}
	r.versions[0].from = g.start.Add(-300 * day)
	g.estate.roles[r.arn] = r
	g.estate.byAccount[account] = append(g.estate.byAccount[account], r)
	g.estate.ordered = append(g.estate.ordered, r)
}

func (g *generator) foundIssuer(account, cluster string, p platform) *issuer {
	host := p.host
	if cluster != "" {
		host = g.eksHost(int(account[0]-'1'), cluster)
	}
	arn := "arn:aws:iam::" + account + ":oidc-provider/" + host
	if g.estate.issuers[arn] == nil {
		g.estate.issuers[arn] = &issuer{
			account: account, host: host, arn: arn, audience: p.audience,
			states: []issuerState{{g.start.Add(-300 * day), true, []string{p.audience}}},
		}
	}
	return g.estate.issuers[arn]
}

// of lists the roles of the nth account whose issuer is of that kind.
func (g *generator) of(account int, host string) []*role {
	return slices.DeleteFunc(slices.Clone(g.estate.ordered), func(r *role) bool {
		return r.account[0] != byte('1'+account) || r.issuer.host != host
	})
}

// edit makes an edit of a role's trust policy.
func (g *generator) edit(r *role, at time.Time, name string, v version) {
	at = at.Truncate(time.Second)
	v.from = at
	r.versions = append(r.versions, v)
	ed := &edit{id: g.uuid(), name: name, at: at, role: r, policy: v.policy}
	r.edits, g.edits = append(r.edits, ed), append(g.edits, ed)
}

// whom lists whom a role lets in for now.
func (g *generator) whom(r *role) []string { return slices.Sorted(maps.Keys(g.base[r])) }

// sortVersions puts versions in order, which were laid down trouble by trouble.
func (g *generator) sortVersions() {
	for _, r := range g.estate.ordered {
		slices.SortStableFunc(r.versions, func(a, b version) int { return a.from.Compare(b.from) })
	}
}

// fill lets more pods crash until there are as many calls as there are to be.
func (g *generator) fill() {
	for g.count < g.scale.Events && len(g.long) > 0 {
		t := g.long[g.IntN(len(g.long))]
		times := g.backOff(g.in(t.span), t.to)
		g.calls(t.stream, 0, times[:min(len(times), g.scale.Events-g.count)]...)
	}
}
