package incident_test

import "time"

// lifeOf lays down the troubles of one role.
func (g *generator) lifeOf(r *role) {
	for t := g.start.Add(g.upTo(g.end.Sub(g.start) / 2)); ; {
		s := span{t, t.Add(g.between(hour, g.scale.Longest))}
		if s.to.After(g.end.Add(-4 * hour)) {
			return
		}
		if free := g.freeAfter(r, s); free.After(t) {
			t = free
			continue
		}
		to := g.trouble(r, s)
		// A pause of about a day is left out: then it is open whether the
		// incident counts as quiet.
		t = to.Add(g.between(hour, 6*hour))
		if g.IntN(10) < 7 {
			t = to.Add(g.between(29*hour, 16*day))
		}
	}
}

// freeAfter is the end of a reserved time that a trouble would come near, the
// zero time where there is none.
func (g *generator) freeAfter(r *role, s span) time.Time {
	for _, taken := range g.reserved[r] {
		if taken.meets(span{s.from, s.to.Add(2 * hour)}) {
			return taken.to
		}
	}
	return time.Time{}
}

// trouble lays down one, and returns its end.
func (g *generator) trouble(r *role, s span) time.Time {
	c := g.IntN(2)
	switch n := g.IntN(20); {
	case n < 3:
		return g.double(r, s)
	case n == 3 && g.scale.Days > 10:
		return g.weekly(r, r.callers[c], s)
	}
	st := g.begin(r, r.callers[c], s.from)
	g.denials(st, s)
	g.tryInVain(st, s)
	return g.ends(st, s.to)
}

// begin lets a caller fail from a time on: by an edit where it was let in.
func (g *generator) begin(r *role, c caller, at time.Time) *stream {
	if g.base[r][c.name] {
		delete(g.base[r], c.name)
		g.edit(r, at.Add(-g.between(0, 5*time.Minute)), "UpdateAssumeRolePolicy", r.trust(otherNames, g.whom(r)...))
	}
	return g.stream(r, c.name, accessDenied)
}

// denials are those of pods or of jobs.
func (g *generator) denials(s *stream, during span) {
	if s.role.issuer.host[:5] == "oidc." {
		g.calls(s, g.IntN(1000), g.backOff(during.from, during.to)...)
		g.long = append(g.long, trouble{s, during})
		return
	}
	for t := during.from; t.Before(during.to.Add(-2 * time.Minute)); t = t.Add(g.between(20*time.Minute, 5*hour)) {
		g.calls(s, g.IntN(50), g.retries(t)...)
	}
}

// tryInVain edits the role some times without help, now and then twice within
// a minute.
func (g *generator) tryInVain(s *stream, during span) {
	for t := during.from.Add(6 * time.Minute); ; {
		t = t.Add(g.between(5*time.Minute, 10*hour))
		if t.After(during.to.Add(-12 * time.Minute)) {
			return
		}
		g.vain(s.role, t)
		if g.IntN(3) == 0 {
			g.vain(s.role, t.Add(g.between(5*time.Second, 40*time.Second)))
		}
	}
}

func (g *generator) vain(r *role, at time.Time) {
	g.edit(r, at, "UpdateAssumeRolePolicy", r.trust(g.IntN(waysToBeWrong), g.whom(r)...))
}

// ends ends a trouble in one of the ways in which troubles end, and returns when.
func (g *generator) ends(s *stream, at time.Time) time.Time {
	switch n := g.IntN(20); {
	case n < 2: // the caller goes away; its incident becomes quiet
		return at
	case n < 5: // the caller is mended, not the role
		s.successes = append(s.successes, at.Add(g.between(time.Minute, 10*time.Minute)))
		return at
	case n < 7:
		g.edit(s.role, at, "DeleteRole", version{})
		return g.help(s, at.Add(20*time.Second), "CreateRole")
	case n < 10: // the first attempt fails, the second one within a minute does not
		g.vain(s.role, at)
		return g.help(s, at.Add(g.between(5*time.Second, 40*time.Second)), "UpdateAssumeRolePolicy")
	}
	return g.help(s, at, "UpdateAssumeRolePolicy")
}

// help edits the role so that it lets the caller in. STS may take a while to
// see it; then the next call succeeds.
func (g *generator) help(s *stream, at time.Time, name string) time.Time {
	g.base[s.role][s.caller.name] = true
	g.edit(s.role, at, name, s.role.trust(otherNames, g.whom(s.role)...))
	if g.IntN(3) == 0 {
		g.calls(s, 1, at.Add(g.between(5*time.Second, 50*time.Second)))
	}
	if g.IntN(5) > 0 {
		s.successes = append(s.successes, at.Add(g.between(time.Minute, 5*time.Minute)))
	}
	return at.Add(time.Minute)
}

// double is a role with two callers in trouble, mended one after the other.
func (g *generator) double(r *role, during span) time.Time {
	first := g.begin(r, r.callers[0], during.from)
	second := g.begin(r, r.callers[1], during.from.Add(10*time.Minute))
	g.denials(first, during)
	later := during.to.Add(g.between(30*time.Minute, 3*hour))
	g.denials(second, span{during.from.Add(10 * time.Minute), later})
	g.tryInVain(first, during)
	g.help(first, during.to, "UpdateAssumeRolePolicy")
	return g.help(second, later, "UpdateAssumeRolePolicy")
}

// weekly is a job that runs so seldom that its incident becomes quiet between.
func (g *generator) weekly(r *role, c caller, during span) time.Time {
	s := g.begin(r, c, during.from)
	t := during.from
	for range 2 + g.IntN(3) {
		g.calls(s, g.IntN(50), g.retries(t)...)
		if next := t.Add(33 * hour); next.After(g.end.Add(-30*hour)) || g.freeAfter(r, span{t, next.Add(4 * hour)}).After(t) {
			break
		} else {
			t = next
		}
	}
	return g.help(s, t.Add(2*hour), "UpdateAssumeRolePolicy")
}
