package incident_test

import (
	"testing"

	"github.com/rolewhy/rolewhy/pkg/incident"
	"github.com/rolewhy/rolewhy/pkg/incident/incidenttest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	incidenttest.Contract(t, func(*testing.T) incident.Store { return incident.NewMemory() })
}
