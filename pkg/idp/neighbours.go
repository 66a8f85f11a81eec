package idp

import (
	"slices"
	"strings"
)

// intruder is the name of somebody else.
const intruder = "intruder"

// otherID is the numeric id of somebody else.
const otherID = "999999999"

// maxNeighbours bounds how many neighbours are made.
const maxNeighbours = 40

// neighbourhood gathers subjects in one text, so that they cost two
// allocations altogether.
type neighbourhood struct {
	provider *Provider
	sub      string
	text     strings.Builder
	spans    [maxNeighbours]struct{ start, end int }
	count    int
}

// Neighbours returns subjects near sub that a careful change of a policy goes
// on refusing: with another namespace, owner, repository, branch, environment
// and so on, with names that begin or end like the right ones, and for
// generated endings with another stem. sub itself is not among them, nor what
// differs in parts alone that are new in every run.
func (p *Provider) Neighbours(sub string) []string {
	n := neighbourhood{provider: p, sub: sub}
	n.text.Grow(maxNeighbours / 2 * (len(sub) + 12))
	s := p.Parse(sub)
	if p.approach != nil {
		p.approach(&n, s)
	} else {
		nearParts(&n, s)
	}
	return n.list()
}

// add appends the concatenation of words, unless it is there already.
func (n *neighbourhood) add(words ...string) {
	if n.count == maxNeighbours {
		return
	}
	start := n.text.Len()
	for _, word := range words {
		n.text.WriteString(word)
	}
	end := n.text.Len()
	if text := n.text.String()[start:]; text == n.sub || n.known(text) {
		return
	}
	n.spans[n.count].start, n.spans[n.count].end = start, end
	n.count++
}

func (n *neighbourhood) known(text string) bool {
	all := n.text.String()
	for _, span := range n.spans[:n.count] {
		if all[span.start:span.end] == text {
			return true
		}
	}
	return false
}

func (n *neighbourhood) list() []string {
	all := n.text.String()
	list := make([]string, n.count)
	for i, span := range n.spans[:n.count] {
		list[i] = all[span.start:span.end]
	}
	return list
}

// replace adds the subject with another value for a part.
func (n *neighbourhood) replace(part Part, values ...string) {
	for _, value := range values {
		n.add(n.sub[:part.Start], value, n.sub[part.End:])
	}
}

// twins adds the subject with somebody else's value for a part, and with
// values that begin or end with the right one.
func (n *neighbourhood) twins(part Part) {
	n.add(n.sub[:part.Start], intruder, n.sub[part.End:])
	n.add(n.sub[:part.Start], part.Value, "x", n.sub[part.End:])
	n.add(n.sub[:part.Start], "x", part.Value, n.sub[part.End:])
}

// nearTag varies a tag; of a version, which is new with every release, only
// the text before the number.
func (n *neighbourhood) nearTag(part Part) {
	switch _, version := versionPattern(part.Value); {
	case !version:
		n.twins(part)
	case !startsWithDigit(part.Value):
		n.replace(part, intruder)
	}
}

func startsWithDigit(s string) bool { return hasDigit(s[:1]) }

// nearParts varies every part that stays from run to run.
func nearParts(n *neighbourhood, s Subject) {
	for _, part := range s.Parts {
		switch {
		case n.provider.isGenerated(part.Name) || part.Value == "":
		case part.Name == "tag":
			n.nearTag(part)
		default:
			n.twins(part)
		}
	}
	nearFields(n, s)
}

// nearFields varies every second word between colons, whatever the form.
func nearFields(n *neighbourhood, s Subject) {
	for at, i := 0, 0; at <= len(n.sub); i++ {
		end := at + lengthWithout(n.sub[at:], ":")
		if i%2 == 1 && end > at && !n.generatedAt(s, at) {
			part := Part{Start: at, End: end, Value: n.sub[at:end]}
			n.replace(part, intruder)
			if !versionEndsAt(s, end) {
				n.add(n.sub[:end], "x", n.sub[end:])
			}
		}
		at = end + 1
	}
}

// versionEndsAt reports whether a version tag ends at this place.
func versionEndsAt(s Subject, end int) bool {
	tag, ok := s.Part("tag")
	_, version := versionPattern(tag.Value)
	return ok && tag.End == end && version
}

// generatedAt reports whether a part begins at this place that is new in every
// run.
func (n *neighbourhood) generatedAt(s Subject, at int) bool {
	return slices.ContainsFunc(s.Parts, func(part Part) bool {
		return part.Start == at && n.provider.isGenerated(part.Name)
	})
}

// nearServiceAccounts varies namespace and name; of a generated ending it
// keeps the ending and varies the stem.
func nearServiceAccounts(n *neighbourhood, s Subject) {
	if s.Shape == nil {
		nearParts(n, s)
		return
	}
	space, account := s.Parts[0], s.Parts[1]
	head, name := n.sub[:space.Start], account.Value
	stem, tail := GeneratedTail(name)
	if i := len(name) - 12; tail == "" && isUUID(name) {
		n.add(n.sub[:account.Start], name[:i-1], "x", name[i-1:])
	}
	n.twins(space)
	n.replace(space, "default", "kube-system")
	n.add(n.sub[:account.Start], stem, "x", tail)
	n.add(n.sub[:account.Start], "x", name)
	n.add(n.sub[:account.Start], "x", stem)
	n.add(n.sub[:account.Start], intruder, tail)
	n.replace(account, intruder, "default")
	n.add(head, intruder, ":", intruder)
	n.add(head, space.Value, ":", space.Value, ":", name)
	n.add("x", n.sub)
}

// nearRepositories varies owner, repository, their ids and what follows them.
func nearRepositories(n *neighbourhood, s Subject) {
	owner, hasOwner := s.Part("owner")
	repository, ok := s.Part("repository")
	if !ok || !hasOwner {
		nearParts(n, s)
		return
	}
	n.twins(owner)
	n.twins(repository)
	names := owner
	names.End, names.Value = repository.End, n.sub[owner.Start:repository.End]
	end := repository.End
	if id, ok := s.Part("repository-id"); ok {
		end = id.End
		nearIDs(n, owner, repository, id)
	}
	n.add(n.sub[:owner.Start], intruder, "/", intruder, n.sub[end:])
	head := n.sub[:end]
	n.add(head, ":pull_request")
	n.add(head, ":ref:refs/heads/", intruder)
	if tag := s.Value("tag"); tag == "" || !startsWithDigit(tag) {
		n.add(head, ":ref:refs/tags/", intruder)
	}
	n.add(head, ":environment:", intruder)
	nearContext(n, s)
}

// nearIDs varies the ids: the same names, owned by somebody else since.
func nearIDs(n *neighbourhood, owner, repository, id Part) {
	ownerName, repositoryName := owner.Value, repository.Value
	between, tail := n.sub[owner.End:repository.Start], n.sub[id.End:]
	n.add("repo:", ownerName, "@", otherID, "/", repositoryName, "@", otherID, tail)
	n.add("repo:", ownerName, "@", otherID, "/", n.sub[repository.Start:])
	n.add(n.sub[:repository.End], "@", otherID, tail)
	n.add("repo:", intruder, n.sub[owner.End+len(between)-1:])
	n.add("repo:", ownerName, between[:len(between)-1], "x/", n.sub[repository.Start:])
	n.add("repo:x", n.sub[len("repo:"):])
	n.add(n.sub[:repository.Start], intruder, tail)
	n.add(n.sub[:id.End], "x", tail)
}

// nearContext varies the parts behind the repository.
func nearContext(n *neighbourhood, s Subject) {
	for _, part := range s.Parts {
		switch part.Name {
		case "owner", "owner-id", "repository", "repository-id", "context":
		case "tag":
			n.nearTag(part)
		default:
			n.twins(part)
		}
	}
}
