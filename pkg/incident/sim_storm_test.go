package incident_test

import (
	"fmt"
	"strings"
	"time"
)

// eksHost is the issuer of a cluster of the nth account.
func (g *generator) eksHost(account int, cluster string) string {
	return fmt.Sprintf(platforms["eks"].host, strings.ToUpper(cluster)+accountNumber(account)+"9D53D94159785D7BACC")
}

// accountNumber is that of the nth account.
func accountNumber(n int) string { return fmt.Sprintf("%d%011d", n+1, 0) }

// when is a share of the simulated time.
func (g *generator) when(percent int) time.Time {
	return g.start.Add(g.end.Sub(g.start) / 100 * time.Duration(percent)).Truncate(hour)
}

// storm is what happens to many roles at once.
type storm struct {
	at    time.Time
	roles []*role
	make  func(time.Time, []*role)
	// common is whether the roles fail for a reason of their provider.
	common bool
}

func (g *generator) storms() []storm {
	github := platforms["github"].host
	third := append(g.of(3, g.eksHost(3, "a")), g.of(3, g.eksHost(3, "b"))...)
	return []storm{
		{g.when(25), g.of(0, g.eksHost(0, "b")), g.providerDeleted, true},
		{g.when(35), g.of(2, g.eksHost(2, "a"))[:g.scale.Bursts], g.bursts, false},
		{g.when(40), g.of(2, github), func(t time.Time, roles []*role) { g.newSubjects(t, roles, "renamed") }, true},
		{g.when(50), third, g.blackDay, false},
		{g.when(50), g.of(1, github)[:1], g.manyEnvironments, false},
		{g.when(60), g.of(1, g.eksHost(1, "a")), g.providerDeleted, true},
		{g.when(70), g.of(3, github), func(t time.Time, roles []*role) { g.newSubjects(t, roles, "immutable") }, true},
	}
}

// reserve keeps the roles of a storm free from other troubles.
func (g *generator) reserve() {
	for _, s := range g.storms() {
		for _, r := range s.roles {
			g.reserved[r] = append(g.reserved[r], span{s.at.Add(-27 * hour), s.at.Add(27 * hour)})
		}
	}
}

// stormTroubles lays down the storms. Whom the roles let in is read off
// what was laid down before.
func (g *generator) stormTroubles() {
	for _, s := range g.storms() {
		for _, r := range s.roles {
			g.base[r] = map[string]bool{}
			for name, in := range r.at(s.at).admits {
				if in {
					g.base[r][name] = true
				}
			}
		}
		s.make(s.at, s.roles)
	}
}

// providerDeleted: somebody deletes the IAM OIDC provider, makes it anew
// without the audience, and an hour later adds that.
func (g *generator) providerDeleted(at time.Time, roles []*role) {
	p := roles[0].issuer
	again, whole := at.Add(time.Hour), at.Add(2*time.Hour)
	g.editIssuer(p, at, "DeleteOpenIDConnectProvider", issuerState{})
	g.editIssuer(p, again, "CreateOpenIDConnectProvider", issuerState{exists: true, audiences: []string{"kubernetes"}})
	g.editIssuer(p, whole, "AddClientIDToOpenIDConnectProvider", issuerState{exists: true, audiences: []string{"kubernetes", p.audience}})
	for _, r := range roles {
		for _, c := range r.callers[:2] {
			if g.base[r][c.name] {
				s := g.stream(r, c.name, invalidIdentityToken)
				g.calls(s, 1, g.backOff(at.Add(g.between(10*time.Second, 20*time.Minute)), whole)...)
				s.successes = append(s.successes, whole.Add(g.between(time.Minute, 5*time.Minute)))
			}
		}
	}
}

func (g *generator) editIssuer(p *issuer, at time.Time, name string, s issuerState) {
	s.from = at
	p.states = append(p.states, s)
	ed := &edit{id: g.uuid(), name: name, at: at, issuer: p}
	p.edits, g.edits = append(p.edits, ed), append(g.edits, ed)
}

// newSubjects: the organization is renamed, or gets ids in its subjects. Role
// after role is mended.
func (g *generator) newSubjects(at time.Time, roles []*role, caller string) {
	for _, r := range roles {
		if !g.base[r]["branches"] {
			continue // its policy does not even name the repository
		}
		s := g.stream(r, caller, accessDenied)
		during := span{at.Add(g.upTo(2 * hour)), at.Add(g.between(4*hour, 20*hour))}
		g.denials(s, during)
		g.help(s, during.to, "UpdateAssumeRolePolicy")
	}
}

// blackDay: within half an hour many roles are broken, each in its own way.
func (g *generator) blackDay(at time.Time, roles []*role) {
	for _, r := range roles {
		during := span{at.Add(g.upTo(30 * time.Minute)), at.Add(g.between(3*hour, 8*hour))}
		s := g.begin(r, r.callers[g.IntN(2)], during.from)
		g.denials(s, during)
		g.help(s, during.to, "UpdateAssumeRolePolicy")
	}
}

// manyEnvironments: a pipeline with twelve environments none of which is let
// in. They run two by two, with some minutes between.
func (g *generator) manyEnvironments(at time.Time, roles []*role) {
	r := roles[0]
	to := at.Add(9 * hour)
	for i, c := range r.callers[4:] {
		s := g.stream(r, c.name, accessDenied)
		from := at.Add(time.Duration(i/2)*5*time.Minute + time.Duration(i%2)*10*time.Second)
		g.denials(s, span{from, to})
		g.base[r][c.name] = true
	}
	g.edit(r, to, "UpdateAssumeRolePolicy", r.trust(otherNames, g.whom(r)...))
}

// bursts: a pod that does not wait, 4,300 calls in seven minutes.
func (g *generator) bursts(at time.Time, roles []*role) {
	for _, r := range roles {
		s := g.begin(r, r.callers[0], at)
		for range 4300 {
			g.calls(s, 1, at.Add(g.upTo(7*time.Minute)))
		}
		g.help(s, at.Add(40*time.Minute), "UpdateAssumeRolePolicy")
	}
}

// strangers probe the roles of GitHub under names that they make up.
func (g *generator) strangers() {
	var roles []*role
	for _, r := range g.estate.ordered {
		if r.issuer.host == platforms["github"].host {
			roles = append(roles, r)
		}
	}
	campaigns := make([]span, 6)
	for i := range campaigns {
		from := g.in(span{g.start, g.end.Add(-8 * hour)})
		campaigns[i] = span{from, from.Add(g.between(hour, 4*hour))}
	}
	for i := range g.scale.Strangers {
		during := span{g.start, g.end.Add(-4 * hour)}
		if g.IntN(10) > 1 {
			during = campaigns[g.IntN(len(campaigns))]
		}
		g.stranger(i, roles[g.IntN(len(roles))], g.in(during))
	}
}

// hostile are names of branches, with what acts on readers.
var hostile = []string{"main", "<!channel>", "`rm -rf`", "\u202egnp.exe", "*", "${aws:username}", "\x1b[2J"}

func (g *generator) stranger(i int, r *role, at time.Time) {
	name := fmt.Sprintf("free-coins-%d", i)
	s := &stream{role: r, arn: r.arn, code: accessDenied, stranger: true}
	s.caller = who(name, "", "repo:"+name+"/miner:ref:refs/heads/"+hostile[i%len(hostile)])
	if i%9 == 0 {
		s.arn = "arn:aws:iam::" + r.account + ":role/admin"
	}
	for range 1 + g.IntN(5) {
		g.calls(s, 1, at)
		at = at.Add(g.between(time.Second, 10*time.Minute))
	}
	if i%20 == 0 && at.Add(2*day).Before(g.end) { // comes back when it is judged again
		g.calls(s, 1, at.Add(30*hour))
	}
	g.streams = append(g.streams, s)
}
