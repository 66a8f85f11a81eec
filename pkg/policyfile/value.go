package policyfile

// kind is that of a value.
type kind uint8

const (
	other  kind = iota // a number, a boolean or null: its text is in value.text
	text               // a string
	list               // items
	object             // members
)

// value is a part of a file, be it JSON or YAML.
type value struct {
	kind    kind
	tag     string // of YAML, with its exclamation mark: !Sub; "" for none
	text    string // of a string, decoded; of a number, boolean or null as written
	items   []*value
	members []member
	at, end int  // bytes of the file; of a list or object of YAML only the beginning is told by at
	literal bool // a block of YAML whose lines are those of the text
}

// member is a name of an object with its value.
type member struct {
	name  *value
	value *value
}

// get is the value of a member, nil where there is none or v is no object.
func (v *value) get(name string) *value {
	if v == nil {
		return nil
	}
	for _, m := range v.members {
		if m.name.text == name {
			return m.value
		}
	}
	return nil
}

// string is the text of a string, "" for anything else.
func (v *value) string() string {
	if v == nil || v.kind != text || v.tag != "" {
		return ""
	}
	return v.text
}

// strings are the texts of a list, or of a string alone.
func (v *value) strings() (all []string) {
	if v == nil {
		return nil
	}
	if v.kind == text {
		return []string{v.text}
	}
	for _, item := range v.items {
		all = append(all, item.string())
	}
	return all
}
