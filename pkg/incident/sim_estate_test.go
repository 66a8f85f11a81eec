package incident_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// estate is what the simulated accounts hold through time. It is laid down
// before the simulation begins; what it shows is what there is by the clock.
type estate struct {
	clock     *clock
	roles     map[string]*role   // by ARN
	issuers   map[string]*issuer // by ARN
	byAccount map[string][]*role
	ordered   []*role
}

var _ diagnose.Account = (*estate)(nil)

// role is a role with its callers and all trust policies it ever has.
type role struct {
	account, name, arn string
	issuer             *issuer
	callers            []caller
	versions           []version
	edits              []*edit
}

// version is the trust policy of a role from a time on.
type version struct {
	from   time.Time
	policy []byte          // nil: there is no such role
	admits map[string]bool // names of callers
}

// issuer is an IAM OIDC provider with all states it ever has.
type issuer struct {
	account, host, arn, audience string
	states                       []issuerState
	edits                        []*edit
}

type issuerState struct {
	from      time.Time
	exists    bool
	audiences []string
}

// edit is a change that somebody makes, as CloudTrail tells it.
type edit struct {
	id, name string
	at       time.Time
	role     *role
	issuer   *issuer
	policy   []byte
	once     sync.Once
	known    diagnose.Change
}

// at is the version of the role at a time.
func (r *role) at(t time.Time) version {
	for i := len(r.versions) - 1; i > 0; i-- {
		if !r.versions[i].from.After(t) {
			return r.versions[i]
		}
	}
	return r.versions[0]
}

// at is the state of the issuer at a time.
func (p *issuer) at(t time.Time) issuerState {
	for i := len(p.states) - 1; i > 0; i-- {
		if !p.states[i].from.After(t) {
			return p.states[i]
		}
	}
	return p.states[0]
}

// works is whether STS takes the tokens of the issuer at a time.
func (p *issuer) works(t time.Time) bool {
	s := p.at(t)
	return s.exists && slices.Contains(s.audiences, p.audience)
}

// admits is whether the role lets a caller in at a time: the truth, by how the
// policy was made.
func (r *role) admits(caller string, t time.Time) bool {
	return r.issuer.works(t) && r.at(t).admits[caller]
}

func (r *role) describe(v version) diagnose.Role {
	return diagnose.Role{ARN: r.arn, TrustPolicy: v.policy, Created: r.versions[0].from}
}

func (e *estate) Role(_ context.Context, arn string) diagnose.Known[diagnose.Role] {
	if r := e.roles[arn]; r != nil {
		if v := r.at(e.clock.now()); v.policy != nil {
			return diagnose.Found(r.describe(v))
		}
	}
	return diagnose.Missing[diagnose.Role]()
}

func (e *estate) Roles(_ context.Context, account string) diagnose.Known[[]diagnose.Role] {
	found := make([]diagnose.Role, 0, len(e.byAccount[account]))
	for _, r := range e.byAccount[account] {
		if v := r.at(e.clock.now()); v.policy != nil {
			found = append(found, r.describe(v))
		}
	}
	return diagnose.Found(found)
}

func (e *estate) Provider(_ context.Context, arn string) diagnose.Known[diagnose.Provider] {
	if p := e.issuers[arn]; p != nil {
		if s := p.at(e.clock.now()); s.exists {
			return diagnose.Found(diagnose.Provider{ARN: p.arn, URL: p.host, ClientIDs: s.audiences})
		}
	}
	return diagnose.Missing[diagnose.Provider]()
}

func (e *estate) Providers(ctx context.Context, account string) diagnose.Known[[]diagnose.Provider] {
	found := []diagnose.Provider{}
	for arn, p := range e.issuers {
		if k := e.Provider(ctx, arn); p.account == account && k.Value.ARN != "" {
			found = append(found, k.Value)
		}
	}
	slices.SortFunc(found, func(a, b diagnose.Provider) int { return strings.Compare(a.ARN, b.ARN) })
	return diagnose.Found(found)
}

func (e *estate) ResourceControlPolicies(context.Context, string) diagnose.Known[[]diagnose.NamedPolicy] {
	return diagnose.Found([]diagnose.NamedPolicy{})
}

func (e *estate) Changes(_ context.Context, role, provider string, from, to time.Time) diagnose.Known[[]diagnose.Change] {
	var edits []*edit
	if r := e.roles[role]; r != nil {
		edits = append(edits, r.edits...)
	}
	if p := e.issuers[provider]; p != nil {
		edits = append(edits, p.edits...)
	}
	found := []diagnose.Change{}
	for _, ed := range edits {
		if !ed.at.Before(from) && !ed.at.After(to) && !ed.at.After(e.clock.now()) {
			found = append(found, ed.change())
		}
	}
	slices.SortStableFunc(found, func(a, b diagnose.Change) int { return a.Time.Compare(b.Time) })
	return diagnose.Found(found)
}

// change is the edit as the diagnosis sees it.
func (ed *edit) change() diagnose.Change {
	ed.once.Do(func() {
		c, _, _ := ed.event().Change()
		ed.known = diagnose.Change{
			Time: c.Time, Name: c.Name, EventID: c.EventID, By: c.By, Via: c.Via,
			Role: c.Role, Provider: c.Provider, Policy: c.Policy,
		}
	})
	return ed.known
}

// event is the record of the edit.
func (ed *edit) event() *cloudtrail.Event {
	parameters, account := map[string]any{}, ""
	switch {
	case ed.role != nil:
		account, parameters["roleName"] = ed.role.account, ed.role.name
		parameters[map[bool]string{true: "assumeRolePolicyDocument", false: "policyDocument"}[ed.name == "CreateRole"]] = string(ed.policy)
	case ed.name == "CreateOpenIDConnectProvider":
		account, parameters["url"] = ed.issuer.account, "https://"+ed.issuer.host
	default:
		account, parameters["openIDConnectProviderArn"] = ed.issuer.account, ed.issuer.arn
	}
	raw, _ := json.Marshal(parameters)
	return &cloudtrail.Event{
		ID: ed.id, Name: ed.name, Source: "iam.amazonaws.com", Time: ed.at, Region: "us-east-1", AccountID: account,
		UserAgent: "console.amazonaws.com", Parameters: raw,
		Actor: cloudtrail.Actor{Type: "AssumedRole", ARN: fmt.Sprintf("arn:aws:sts::%s:assumed-role/admin/jo", account)},
	}
}
