package policyfile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// accountID is the pseudo parameter of which the value hardly ever matters: a
// provider is told by its host.
const accountID = "AWS::AccountId"

// pseudo are the values of pseudo parameters where nobody gave others.
var pseudo = map[string]string{"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}

// template is one of CloudFormation or SAM.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
type template struct {
	file      *File
	params    map[string]string
	declared  *value // the section Parameters
	resources *value
	depth     int // of functions in functions
}

// policyTypes are the resources that have a trust policy.
var policyTypes = []string{"AWS::IAM::Role", "AWS::Serverless::Function", "AWS::Serverless::StateMachine"}

const providerType = "AWS::IAM::OIDCProvider"

func newTemplate(f *File, top *value, o Options) *template {
	return &template{file: f, params: o.Params, declared: top.get("Parameters"), resources: top.get("Resources")}
}

func (t *template) read() {
	if t.resources == nil || t.resources.kind != object {
		t.file.fault(0, "the template has no Resources")
		return
	}
	for _, m := range t.resources.members {
		switch kind := m.value.get("Type").string(); {
		case strings.HasPrefix(m.name.text, "Fn::"):
			t.file.fault(m.name.at, m.name.text+" makes resources only when the template is deployed: they are not read")
		case slices.Contains(policyTypes, kind):
			t.role(m.name.text, m.value.get("Properties"))
		case kind == providerType:
			t.provider(m.name.text, m.value.get("Properties"))
		}
	}
}

func (t *template) role(id string, properties *value) {
	document := properties.get("AssumeRolePolicyDocument")
	if document == nil {
		return // of a function of SAM, whose role is not its own
	}
	r := &Role{Address: id, Line: t.file.source.line(document.at), file: t.file}
	given, ok := t.function(document)
	if !ok && document.kind == text {
		given, ok = result{text: document.text, pieces: t.file.source.pieces(document)}, true
	}
	if ok && given.value == nil && given.list == nil {
		r.note(given.open)
		r.Policy, r.pieces = []byte(given.text), given.pieces
		if given.text == "${"+strings.Join(given.open, "")+"}" {
			r.Policy = nil
		}
	} else {
		t.write(r, cmp.Or(given.value, document))
	}
	t.file.add(r)
}

func (t *template) write(r *Role, document *value) {
	if t.file.source.json && !t.hasFunctions(document) {
		r.Policy = t.file.source.text[document.at:document.end]
		r.pieces = []piece{{end: len(r.Policy), at: document.at, size: len(r.Policy), linear: true}}
		return
	}
	w := &writer{resolve: t}
	w.write(document, 0)
	r.Policy, r.pieces = w.out.Bytes(), w.pieces
	r.Open, r.Account = w.open, w.account
}

// note takes down which values are open.
func (r *Role) note(open []string) {
	for _, name := range open {
		if name == accountID {
			r.Account = true
		} else if !slices.Contains(r.Open, name) && len(r.Open) < mostUnknown {
			r.Open = append(r.Open, name)
		}
	}
}

func (t *template) hasFunctions(v *value) bool {
	if _, ok := t.function(v); ok {
		return true
	}
	return slices.ContainsFunc(v.items, t.hasFunctions) ||
		slices.ContainsFunc(v.members, func(m member) bool { return t.hasFunctions(m.value) })
}

// provider takes down an IAM OIDC provider that the template makes, if its URL
// is known.
func (t *template) provider(id string, properties *value) {
	arn := t.providerARN(properties)
	if len(arn.open) > 0 && !slices.Equal(arn.open, []string{accountID}) {
		return
	}
	p := diagnose.Provider{ARN: arn.text, URL: cloudtrail.KeyHost(arn.text), ClientIDs: []string{}}
	list := properties.get("ClientIdList")
	if list != nil && list.kind != object {
		for _, item := range items(list) {
			r := t.resolve(item)
			if len(r.open) > 0 {
				return
			}
			p.ClientIDs = append(p.ClientIDs, r.text)
		}
	}
	if p.URL != "" && (list == nil || list.kind != object) {
		t.file.Providers = append(t.file.Providers, p)
	}
}

func items(v *value) []*value {
	if v.kind == list && v.tag == "" {
		return v.items
	}
	return []*value{v}
}

// providerARN is what the ARN of a provider will be.
func (t *template) providerARN(properties *value) result {
	url := t.resolve(properties.get("Url"))
	partition, account := t.named("AWS::Partition"), t.named(accountID)
	host := strings.TrimPrefix(url.text, "https://")
	return result{
		text: fmt.Sprintf("arn:%s:iam::%s:oidc-provider/%s", partition.text, account.text, host),
		open: slices.Concat(partition.open, account.open, url.open),
	}
}
