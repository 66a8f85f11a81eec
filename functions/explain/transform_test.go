package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
)

// The templates as their deployment sees them.
const (
	mainTemplate = "template.yaml"
	memberRole   = "deploy/member-role.yaml"
	forwarder    = "deploy/forwarder.yaml"
	busPolicy    = "deploy/bus-policy.yaml"
)

var templates = []string{mainTemplate, memberRole, forwarder, busPolicy}

// resource is one of a template, with what all of these tests look at.
type resource struct {
	Type           string
	Condition      string
	DeletionPolicy string
	Properties     map[string]any
}

type template struct {
	Parameters map[string]struct {
		Description    string
		Default        any
		AllowedPattern string
	}
	Resources map[string]resource
	Outputs   map[string]struct{ Description string }
	Metadata  map[string]json.RawMessage
}

// regions are one of each partition; the templates must fit all of them.
var regions = []string{"eu-west-1", "us-gov-west-1", "cn-north-1"}

// deployed is what transform.py makes of the templates: each by region and
// name, and for each rule of each the events which that lets through.
var deployed = sync.OnceValues(func() (out struct {
	Templates map[string]map[string]template
	Matches   map[string]map[string][]string
}, err error,
) {
	input, err := json.Marshal(map[string]any{"root": root, "regions": regions, "templates": templates, "edits": cloudtrail.ChangeNames})
	if err != nil {
		return out, err
	}
	cmd := exec.Command(filepath.Join(root, ".venv", "bin", "python"), filepath.Join("testdata", "transform.py"), string(input))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%w\n%s", err, stderr.String())
	}
	return out, json.Unmarshal(raw, &out)
})

// transformed is a template after SAM's transformation.
func transformed(t *testing.T, name string) template {
	t.Helper()
	return must(deployed())(t).Templates[regions[0]][name]
}

// get follows names and indexes into a resource's properties, and gives the
// JSON of what is there.
func (r resource) get(path ...any) string {
	var v any = r.Properties
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			if list, _ := v.([]any); p < len(list) {
				v = list[p]
			}
		}
	}
	out, _ := json.Marshal(v)
	return string(out)
}
