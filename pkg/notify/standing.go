package notify

import "github.com/rolewhy/rolewhy/pkg/report"

// Standing is what an edit did to the denied call, or to the calls of many
// roles.
type Standing string

const (
	Allowed Standing = "allowed" // the policies as they stand now allow it
	Denied  Standing = "denied"
	Mixed   Standing = "mixed"   // some roles' calls would be allowed
	Unclear Standing = "unclear" // too little could be seen
)

// Standing is how the call or the roles of the notice stand now.
func (n *Notice) Standing() Standing {
	if len(n.Roles) > 0 {
		return standingOfRoles(n.Roles)
	}
	switch {
	case n.Report == nil:
		return Unclear
	case n.Report.Verdict == report.AllowedNow:
		return Allowed
	case n.Report.Verdict == report.Explained:
		return Denied
	}
	return Unclear
}

func standingOfRoles(roles []RoleState) Standing {
	switch countAllowed(roles) {
	case len(roles):
		return Allowed
	case 0:
		return Denied
	}
	return Mixed
}

func countAllowed(roles []RoleState) (n int) {
	for _, r := range roles {
		if r.Allowed {
			n++
		}
	}
	return n
}
