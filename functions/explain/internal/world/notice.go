package world

import (
	"encoding/json"
	"fmt"
)

// Notice is what programs get through the topic, as far as tests look at it.
type Notice struct {
	ID, Kind, Title, Standing, Because string
	Incident                           struct {
		ID, Cause string
		Count     int
	}
	Summary struct{ Denials, Incidents int }
	Report  json.RawMessage // beside the notice; nil without one
}

// Read splits what a subscriber got into the notice and its report.
func (n Notification) Read() (*Notice, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(n.Message), &all); err != nil {
		return nil, fmt.Errorf("message %.200q: %w", n.Message, err)
	}
	notice := &Notice{}
	if err := json.Unmarshal(all["notice"], notice); err != nil {
		return nil, fmt.Errorf("notice in %.200q: %w", n.Message, err)
	}
	delete(all, "notice")
	if len(all) == 1 { // the schema
		return notice, nil
	}
	var err error
	notice.Report, err = json.Marshal(all)
	return notice, err
}
