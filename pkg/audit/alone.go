package audit

import (
	"encoding/json"
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// alone is the statement of a grant for its provider alone, as JSON: with its
// own conditions, and without those on keys of the statement's other providers.
func (g *grant) alone() (string, error) {
	var members map[string]json.RawMessage
	s := g.statement
	if err := json.Unmarshal(g.doc.Source[s.Span.Start:s.Span.End], &members); err != nil {
		return "", fmt.Errorf("read statement %d: %w", s.Index+1, err)
	}
	conditions := map[string]map[string][]string{}
	for i := range s.Conditions {
		if k := &s.Conditions[i]; !g.ofOther(k) {
			if conditions[k.Operator.Value] == nil {
				conditions[k.Operator.Value] = map[string][]string{}
			}
			conditions[k.Operator.Value][k.Key.Value] = policyTexts(k.Values)
		}
	}
	statement := struct {
		Effect    json.RawMessage                `json:""`
		Principal map[string]string              `json:""`
		Action    json.RawMessage                `json:",omitempty"`
		NotAction json.RawMessage                `json:",omitempty"`
		Condition map[string]map[string][]string `json:",omitempty"`
	}{
		Effect: members["Effect"], Principal: map[string]string{"Federated": g.principal.Value},
		Action: members["Action"], NotAction: members["NotAction"], Condition: conditions,
	}
	text, err := json.Marshal(statement)
	return string(text), err
}

// ofOther tells whether a condition tests a key of another provider that the
// same statement trusts.
func (g *grant) ofOther(k *policy.Condition) bool {
	for _, other := range g.grants {
		if other.statement == g.statement && other.host != g.host && other.claim(k.Key.Value) != "" {
			return true
		}
	}
	return false
}
