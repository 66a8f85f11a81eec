package incident

import (
	"maps"
	"slices"

	"github.com/rolewhy/rolewhy/pkg/notify"
)

// Clone copies an incident with all that belongs to it; nil of nil.
func (i *Incident) Clone() *Incident {
	if i == nil {
		return nil
	}
	c := *i
	c.Subjects = slices.Clone(i.Subjects)
	c.Causes = slices.Clone(i.Causes)
	c.Event = slices.Clone(i.Event)
	c.Children = slices.Clone(i.Children)
	c.Sightings = slices.Clone(i.Sightings)
	c.Edits = slices.Clone(i.Edits)
	c.Concerned = slices.Clone(i.Concerned)
	c.Recent = slices.Clone(i.Recent)
	c.Answered = slices.Clone(i.Answered)
	c.Outbox = slices.Clone(i.Outbox)
	for n := range c.Outbox {
		c.Outbox[n] = c.Outbox[n].clone()
	}
	if i.Owed != nil {
		owed := i.Owed.clone()
		c.Owed = &owed
	}
	c.Threads = maps.Clone(i.Threads)
	c.Story = slices.Clone(i.Story)
	return &c
}

func (m Message) clone() Message {
	m.Channels = slices.Clone(m.Channels)
	m.Edits = slices.Clone(m.Edits)
	m.Covers = slices.Clone(m.Covers)
	if m.Digest != nil {
		m.Digest = cloneSummary(*m.Digest)
	}
	return m
}

func cloneSummary(s notify.Summary) *notify.Summary {
	s.Causes = slices.Clone(s.Causes)
	s.Roles = slices.Clone(s.Roles)
	s.Callers = slices.Clone(s.Callers)
	s.Snoozed = slices.Clone(s.Snoozed)
	return &s
}
