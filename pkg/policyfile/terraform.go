package policyfile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// terraform reads what terraform show -json prints of a plan or a state.
//
// https://developer.hashicorp.com/terraform/internals/json-format
func (f *File) terraform(top *value) {
	if v := top.get("format_version"); v != nil && !strings.HasPrefix(v.string(), "1.") && !strings.HasPrefix(v.string(), "0.") {
		f.fault(v.at, "a format of terraform show -json that is not known: 0.1 to 1.x are")
	}
	open := unknownPolicies(top.get("resource_changes"))
	values := top.get("planned_values")
	if values == nil {
		values = top.get("values")
	}
	if values == nil {
		f.fault(top.at, "a plan has planned_values, and a state that is not empty has values: this has neither")
		return
	}
	f.module(values.get("root_module"), open, 0)
	f.known(top.get("prior_state").get("values").get("root_module"), 0)
}

// unknownPolicies are the addresses of roles whose policy is known only once
// the plan is applied.
func unknownPolicies(changes *value) map[string]bool {
	open := map[string]bool{}
	if changes == nil {
		return open
	}
	for _, c := range changes.items {
		if after := c.get("change").get("after_unknown").get("assume_role_policy"); after != nil && after.text == "true" {
			open[c.get("address").string()] = true
		}
	}
	return open
}

// module adds the roles and providers of a module and of those in it.
func (f *File) module(m *value, open map[string]bool, depth int) {
	if m == nil {
		return
	}
	for _, r := range items(cmp.Or(m.get("resources"), &value{kind: list})) {
		values, address := r.get("values"), r.get("address").string()
		switch r.get("type").string() {
		case "aws_iam_role":
			f.terraformRole(r, values, address, open[address])
		case "aws_iam_openid_connect_provider":
			f.terraformProvider(values)
		}
	}
	for _, child := range items(cmp.Or(m.get("child_modules"), &value{kind: list})) {
		f.module(child, open, depth+1)
	}
}

func (f *File) terraformRole(r, values *value, address string, open bool) {
	if r.get("mode").string() == "data" {
		return // of another's making
	}
	document := values.get("assume_role_policy")
	if document != nil && document.kind == text && !open {
		f.plain(address, values.get("arn").string(), document)
		return
	}
	f.Roles = append(f.Roles, &Role{
		Address: address, ARN: values.get("arn").string(), Line: f.source.line(r.at), file: f,
		Open: []string{"assume_role_policy, which is known after apply"},
	})
}

// known adds the providers that a plan has read.
func (f *File) known(m *value, depth int) {
	if m == nil {
		return
	}
	for _, r := range items(cmp.Or(m.get("resources"), &value{kind: list})) {
		if r.get("type").string() == "aws_iam_openid_connect_provider" {
			f.terraformProvider(r.get("values"))
		}
	}
	for _, child := range items(cmp.Or(m.get("child_modules"), &value{kind: list})) {
		f.known(child, depth+1)
	}
}

// terraformProvider takes down a provider that exists, or will with what is
// known of it.
func (f *File) terraformProvider(values *value) {
	arn, clients := values.get("arn").string(), values.get("client_id_list")
	if arn == "" || clients == nil || clients.kind != list || slices.ContainsFunc(f.Providers, func(p diagnose.Provider) bool { return p.ARN == arn }) {
		return
	}
	f.Providers = append(f.Providers, diagnose.Provider{
		ARN: arn, URL: strings.TrimPrefix(values.get("url").string(), "https://"),
		ClientIDs: clients.strings(), Thumbprints: values.get("thumbprint_list").strings(),
	})
}
