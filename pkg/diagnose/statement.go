package diagnose

import (
	"bytes"
	"encoding/json"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// newStatement is an Allow statement that a fix adds.
type newStatement struct {
	Principal  string
	Actions    []string
	Conditions []condition
}

type condition struct {
	Operator, Key string
	Values        []string
}

// json writes the statement with its members in the usual order, and its
// conditions grouped by operator.
func (s newStatement) json() string {
	var b bytes.Buffer
	b.WriteString(`{"Effect":"Allow","Principal":{"Federated":` + encode(s.Principal) + `},"Action":` + encode(s.Actions...))
	if len(s.Conditions) > 0 {
		b.WriteString(`,"Condition":{`)
		s.writeConditions(&b)
		b.WriteString("}")
	}
	b.WriteString("}")
	return b.String()
}

func (s newStatement) writeConditions(b *bytes.Buffer) {
	done := map[string]bool{}
	for _, first := range s.Conditions {
		if done[first.Operator] {
			continue
		}
		if len(done) > 0 {
			b.WriteByte(',')
		}
		done[first.Operator] = true
		b.WriteString(encode(first.Operator) + ":{")
		sep := ""
		for _, k := range s.Conditions {
			if k.Operator == first.Operator {
				b.WriteString(sep + encode(k.Key) + ":" + encode(k.Values...))
				sep = ","
			}
		}
		b.WriteByte('}')
	}
}

// exactStatement admits the denied call and no other.
func (c *Case) exactStatement() newStatement {
	s := newStatement{Principal: c.Event.Provider, Actions: c.needs()}
	if c.Event.HasAudience {
		s.Conditions = append(s.Conditions, condition{"StringEquals", c.audienceKey(), []string{literal(c.Event.Audience, false)}})
	}
	s.Conditions = append(s.Conditions, condition{"StringEquals", c.subjectKey(), []string{literal(c.Event.Subject, false)}})
	return s
}

// encode is the JSON text of a value, or of the list of several.
func encode(values ...string) string {
	var v any = values
	if len(values) == 1 {
		v = values[0]
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // strings always encode
	return string(bytes.TrimSpace(b.Bytes()))
}

func textValues(list []policy.Text) []string {
	all := make([]string, len(list))
	for i := range list {
		all[i] = list[i].Value
	}
	return all
}
