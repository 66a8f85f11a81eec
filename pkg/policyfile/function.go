package policyfile

import (
	"slices"
	"strconv"
	"strings"
)

// result is what a function of a template gives: a text, a list, or a value of
// the template itself.
type result struct {
	text   string
	pieces []piece // of text; nil where nothing is told but its function's place
	list   []*value
	value  *value
	open   []string // what is not known, which stands in the text as ${Name}
}

// deepest bounds functions within functions.
const deepest = 20

// call is the name of the function that a value calls, with its argument.
func call(v *value) (name string, argument *value) {
	if v == nil {
		return "", nil
	}
	if v.tag != "" {
		bare := *v
		bare.tag = ""
		if v.tag == "!Ref" {
			return "Ref", &bare
		}
		return "Fn::" + strings.TrimPrefix(v.tag, "!"), &bare
	}
	if v.kind == object && len(v.members) == 1 {
		if name := v.members[0].name.text; name == "Ref" || strings.HasPrefix(name, "Fn::") {
			return name, v.members[0].value
		}
	}
	return "", nil
}

// function is what the function gives that a value calls, ok false where it
// calls none.
func (t *template) function(v *value) (r result, ok bool) {
	name, argument := call(v)
	if name == "" {
		return result{}, false
	}
	if t.depth++; t.depth > deepest {
		t.depth--
		return unknown(name), true
	}
	defer func() { t.depth-- }()
	switch name {
	case "Ref":
		return t.named(argument.text), true
	case "Fn::Sub":
		return t.sub(argument), true
	case "Fn::GetAtt":
		return t.attribute(argument), true
	case "Fn::Join":
		return t.join(argument), true
	case "Fn::Select":
		return t.pick(argument), true
	case "Fn::Split":
		return t.split(argument), true
	}
	return unknown(name), true
}

// resolve is the text of a value, with or without functions.
func (t *template) resolve(v *value) result {
	if v == nil {
		return unknown("nothing")
	}
	r, ok := t.function(v)
	switch {
	case ok && r.value != nil:
		return t.resolve(r.value)
	case ok && r.list != nil:
		return unknown("a list")
	case ok:
		return r
	case v.kind == text || v.kind == other:
		return result{text: v.text}
	}
	return unknown("a list or an object")
}

func unknown(name string) result { return result{text: "${" + name + "}", open: []string{name}} }

// noValue tells whether a value takes away what it stands in.
func (t *template) noValue(v *value) bool {
	name, argument := call(v)
	return name == "Ref" && argument.text == "AWS::NoValue"
}

// named is the value of a parameter or what a reference to a resource gives.
func (t *template) named(name string) result {
	if value, ok := t.params[name]; ok {
		return t.parameter(name, value)
	}
	if value, ok := pseudo[name]; ok {
		return result{text: value}
	}
	if name == accountID {
		return result{text: AnyAccount, open: []string{accountID}}
	}
	if p := t.declared.get(name); p != nil {
		if d := p.get("Default"); d != nil && (d.kind == text || d.kind == other) && !fromElsewhere(p) {
			return t.parameter(name, d.text)
		}
		return unknown(name)
	}
	if r := t.resources.get(name); r.get("Type").string() == providerType {
		return t.providerARN(r.get("Properties"))
	}
	return unknown(name)
}

// fromElsewhere tells whether the value of a parameter is only the name of one
// in the Parameter Store.
func fromElsewhere(p *value) bool { return strings.HasPrefix(p.get("Type").string(), "AWS::SSM::") }

// parameter is the value of a parameter, of a list of them the list.
func (t *template) parameter(name, given string) result {
	if kind := t.declared.get(name).get("Type").string(); kind != "CommaDelimitedList" && !strings.HasPrefix(kind, "List<") {
		return result{text: given}
	}
	r := result{list: []*value{}}
	at := t.declared.get(name).get("Default")
	for part := range strings.SplitSeq(given, ",") {
		item := &value{kind: text, text: strings.TrimSpace(part)}
		if at != nil {
			item.at, item.end = at.at, at.end
		}
		r.list = append(r.list, item)
	}
	return r
}

// attribute is an attribute of a resource: the ARN of a provider is the one
// that can be told.
func (t *template) attribute(v *value) result {
	name := strings.Join(v.strings(), ".")
	id, attribute, _ := strings.Cut(name, ".")
	r := t.resources.get(id)
	if r.get("Type").string() == providerType && attribute == "Arn" {
		return t.providerARN(r.get("Properties"))
	}
	return unknown(name)
}

func (t *template) join(v *value) result {
	if v.kind != list || len(v.items) != 2 {
		return unknown("Fn::Join")
	}
	parts, open, ok := t.texts(v.items[1])
	if !ok {
		return unknown("Fn::Join")
	}
	return result{text: strings.Join(parts, v.items[0].text), open: open}
}

// texts are those of a list, ok false where it is not one.
func (t *template) texts(v *value) (all, open []string, ok bool) {
	elements := v.items
	if r, called := t.function(v); called {
		elements = r.list
		if elements == nil {
			return nil, nil, false
		}
	} else if v.kind != list {
		return nil, nil, false
	}
	for _, item := range elements {
		r := t.resolve(item)
		all, open = append(all, r.text), append(open, r.open...)
	}
	return all, open, true
}

func (t *template) pick(v *value) result {
	if v.kind != list || len(v.items) != 2 {
		return unknown("Fn::Select")
	}
	parts, open, ok := t.texts(v.items[1])
	i, err := strconv.Atoi(t.resolve(v.items[0]).text)
	if !ok || err != nil || i < 0 || i >= len(parts) || len(open) > 0 {
		return unknown("Fn::Select")
	}
	return result{text: parts[i]}
}

func (t *template) split(v *value) result {
	if v.kind != list || len(v.items) != 2 || v.items[0].text == "" {
		return unknown("Fn::Split")
	}
	whole := t.resolve(v.items[1])
	if len(whole.open) > 0 {
		return unknown("Fn::Split")
	}
	r := result{list: []*value{}}
	for part := range strings.SplitSeq(whole.text, v.items[0].text) {
		r.list = append(r.list, &value{kind: text, text: part, at: v.at, end: v.end})
	}
	return r
}

// sub fills a text in. ${!Name} stays ${Name}, for variables of policies.
func (t *template) sub(v *value) result {
	pattern, own := v, (*value)(nil)
	if v.kind == list && len(v.items) == 2 {
		pattern, own = v.items[0], v.items[1]
	}
	if pattern.kind != text {
		return unknown("Fn::Sub")
	}
	s := &substitution{from: t.file.source.pieces(pattern)}
	rest := pattern.text
	for {
		start := strings.Index(rest, "${")
		end := start + strings.IndexByte(rest[max(start, 0):]+"}", '}')
		if start < 0 || end >= len(rest) {
			s.copy(rest)
			return s.result
		}
		s.copy(rest[:start])
		name := strings.TrimSpace(rest[start+2 : end])
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			s.put("${"+literal+"}", end+1-start)
		} else {
			r := t.variable(name, own)
			s.open = append(s.open, r.open...)
			s.put(r.text, end+1-start)
		}
		rest = rest[end+1:]
	}
}

// variable is what a name in a Sub stands for.
func (t *template) variable(name string, own *value) result {
	if v := own.get(name); v != nil {
		return t.resolve(v)
	}
	if strings.Contains(name, ".") {
		return t.attribute(&value{kind: text, text: name})
	}
	r := t.named(name)
	if r.list != nil {
		return unknown(name)
	}
	return r
}

// substitution is a text that is being filled in.
type substitution struct {
	result
	from []piece // of the pattern
	read int     // of the pattern
}

// copy takes over text of the pattern with its places.
func (s *substitution) copy(part string) {
	shift := len(s.text) - s.read
	i, _ := slices.BinarySearchFunc(s.from, s.read, func(p piece, at int) int {
		if p.end <= at {
			return -1
		}
		return 1
	})
	for _, p := range s.from[i:] {
		start, end := max(p.start, s.read), min(p.end, s.read+len(part))
		if p.start >= s.read+len(part) {
			break
		}
		taken := piece{start: start + shift, end: end + shift, at: p.at, size: p.size, linear: p.linear}
		if p.linear {
			taken.at, taken.size = p.at+start-p.start, end-start
		}
		s.pieces = append(s.pieces, taken)
	}
	s.text += part
	s.read += len(part)
}

// put writes a text in the place of so many bytes of the pattern.
func (s *substitution) put(given string, bytes int) {
	i := slices.IndexFunc(s.from, func(p piece) bool { return p.end > s.read })
	if i >= 0 && given != "" {
		at := piece{start: len(s.text), end: len(s.text) + len(given), at: s.from[i].at, size: s.from[i].size}
		if s.from[i].linear {
			at.at, at.size = s.from[i].at+max(s.read-s.from[i].start, 0), bytes
		}
		s.pieces = append(s.pieces, at)
	}
	s.text += given
	s.read += bytes
}
