package audit

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/idp"
	"github.com/rolewhy/rolewhy/pkg/policy"
	"github.com/rolewhy/rolewhy/pkg/report"
)

var anyWorkload = &Rule{
	Kind:  TooOpen,
	Code:  "any-workload",
	Title: "Every pod of the cluster is admitted",
	Doc: `The issuer is a cluster of one's own, and the statement admits every service account of it: there is no condition on
sub, or its pattern leaves both namespace and name open, as ` + "`system:serviceaccount:*:*`" + ` does. Whoever can start a pod anywhere in
the cluster can assume the role. A pattern that leaves one of the two open is taken to be meant.

What to do: name namespace and service account: ` + "`system:serviceaccount:NAMESPACE:NAME`" + `.`,
	URL: "https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
	Run: findAnyWorkload,
}

// nobodys is a service account that no policy names in any part.
const nobodys = "system:serviceaccount:" + evil + ":" + evil

// findAnyWorkload puts a service account that nobody has named to every grant of
// a cluster.
func findAnyWorkload(t *trust) (found []Finding) {
	for _, g := range t.grants {
		if !g.idp.Workloads() || g.provider.Exists == policy.No {
			continue
		}
		for _, aud := range g.audiences() {
			pod := g.token(nobodys, aud, g.wanted())
			if g.admits(pod) {
				found = append(found, g.anyPod(pod))
				break
			}
		}
	}
	return found
}

func (g *grant) anyPod(pod *token) Finding {
	o := g.opening(pod)
	why := g.why(o)
	if o.condition != nil && !o.absent {
		why = idp.Quote(o.value.Value) + " leaves namespace and service account open"
	}
	return Finding{
		Certainty: report.Likely, Provider: g.principal.Value, Where: g.place(g.openPlace(o)),
		Message:  fmt.Sprintf("every pod of the cluster is admitted by statement %d: %s", g.statement.Index+1, why),
		Admitted: g.identity(pod, "a pod of any namespace, under any service account"),
		Notes:    []string{"name who is meant in a condition on " + g.host + ":sub, as system:serviceaccount:NAMESPACE:NAME"},
	}
}
