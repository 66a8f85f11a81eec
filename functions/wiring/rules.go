package wiring

import (
	"context"
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/incident"
)

// rules are those of an SSM parameter.
type rules struct{ *parameter }

// read gives the rules of now; an empty value has none.
func (r rules) read(ctx context.Context) ([]incident.Rule, error) {
	text, err := r.parameter.read(ctx)
	if err != nil || text.Reveal() == "" {
		return nil, err
	}
	list, err := incident.ParseRules([]byte(text.Reveal()))
	if err != nil {
		return nil, fmt.Errorf("rules in parameter %s: %w", r.name, err)
	}
	return list, nil
}
