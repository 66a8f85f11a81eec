package idp

import (
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// maxRelaxed bounds the work that a hostile subject of many parts can cause.
const maxRelaxed = 16

// byParts compares part by part.
func (c *comparison) byParts() {
	if c.endsEarly() || c.pattern && (c.relaxed() || c.shortened()) {
		return
	}
	if c.byNames() || c.doubledPrefix() {
		return
	}
	kind := KindForm
	if c.w.Shape != nil && c.g.Shape != nil {
		kind = KindCompletelyDifferent
	}
	c.addf(kind, "the policy wants %s, which is not built like the subject %s", Quote(c.want), Quote(c.got))
}

// endsEarly finds a value that is right as far as it goes.
func (c *comparison) endsEarly() bool {
	for i, part := range slices.Backward(c.g.Parts[:max(len(c.g.Parts)-1, 0)]) {
		if c.g.Shape != nil && c.satisfied(c.want, c.got[:part.End]) {
			c.addf(KindEndsEarly, "the value of the policy ends with the %s, the subject goes on with %s", part.Label, Quote(c.rest(i+1)))
			return true
		}
	}
	return false
}

// rest is the subject from behind the part before part i on, without the
// values that are made anew.
func (c *comparison) rest(i int) string {
	var b strings.Builder
	at := c.g.Parts[i-1].End
	for _, part := range c.g.Parts[i:] {
		if c.provider.isGenerated(part.Name) {
			b.WriteString(c.got[at:part.Start] + "…")
			at = part.End
		}
	}
	return b.String() + c.got[at:]
}

// relaxed finds the smallest set of parts, from the right, that stand in the
// way of the pattern when all others are as they came.
func (c *comparison) relaxed() bool {
	free := make([]bool, len(c.g.Parts))
	for i := range free {
		free[i] = true
	}
	if len(free) == 0 || len(free) > maxRelaxed || !intersects(c.want, c.withFree(free)) {
		return false
	}
	for i := range free {
		free[i] = false
		free[i] = !intersects(c.want, c.withFree(free))
	}
	for i, part := range c.g.Parts {
		if free[i] {
			c.differs(part)
		}
	}
	return len(c.hints) > 0
}

// withFree is the subject with a star for each free part.
func (c *comparison) withFree(free []bool) string {
	var b strings.Builder
	at := 0
	for i, part := range c.g.Parts {
		if free[i] {
			b.WriteString(c.got[at:part.Start])
			b.WriteByte(segmentStar)
			at = part.End
		}
	}
	b.WriteString(c.got[at:])
	return b.String()
}

// shortened finds a part of the subject without which it would match.
func (c *comparison) shortened() bool {
	for i, part := range c.g.Parts {
		if i > 0 && policy.Like(c.want, c.got[:c.g.Parts[i-1].End]+c.got[part.End:]) {
			c.add(missing(part))
			return true
		}
	}
	return false
}

// byNames compares the parts that have the same name.
func (c *comparison) byNames() bool {
	if !c.alignable() {
		return false
	}
	for _, g := range c.g.Parts {
		if w, ok := c.w.Part(g.Name); ok && !c.satisfied(w.Value, g.Value) {
			c.differs(g)
		}
	}
	c.unpaired()
	return len(c.hints) > 0
}

// alignable reports whether the two values have parts to compare: one of the
// same name, or, where parts have only their number, as many with one equal.
func (c *comparison) alignable() bool {
	shared, equal := false, false
	for _, g := range c.g.Parts {
		w, ok := c.w.Part(g.Name)
		shared, equal = shared || ok, equal || ok && c.satisfied(w.Value, g.Value)
	}
	if len(c.g.Parts) > 0 && strings.HasPrefix(c.g.Parts[0].Name, "part-") {
		return equal && len(c.w.Parts) == len(c.g.Parts)
	}
	return shared
}

// unpaired names the parts that stand on one side alone.
func (c *comparison) unpaired() {
	open := strings.HasSuffix(c.want, "*") && c.pattern
	for _, g := range c.g.Parts {
		if _, ok := c.w.Part(g.Name); !ok && !open && g.Value != "" {
			c.add(missing(g))
		}
	}
	for _, w := range c.w.Parts {
		if _, ok := c.g.Part(w.Name); !ok && w.Value != "*" {
			c.addf(KindPartExtra, "the policy wants %s %s, the subject has none", w.Label, Quote(w.Value))
		}
	}
}

func missing(part Part) Hint {
	kind := KindPartMissing
	if part.Name == "project" {
		kind = KindProjectMissing
	}
	return hintf(kind, "the value of the policy lacks the %s, which is %s in the subject", part.Label, Quote(part.Value))
}

// doubledPrefix finds a value that would fit without its beginning, which it
// has twice.
func (c *comparison) doubledPrefix() bool {
	n := strings.IndexAny(c.got, ":/") + 1
	if n == 0 || !strings.HasPrefix(c.want, c.got[:n]+c.got[:n]) {
		return false
	}
	c.addf(KindDoubledValue, "the value of the policy begins with %s twice", Quote(c.got[:n]))
	return true
}
