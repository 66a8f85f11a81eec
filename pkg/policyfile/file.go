// Package policyfile finds the trust policies of roles in files: policies
// alone, account files, templates of CloudFormation and SAM in JSON and YAML,
// and what terraform show -json prints of plans and states. Every policy keeps
// the place of its parts in the file.
//
// Nothing is guessed: where a template leaves a value open, the policy says so.
package policyfile

import (
	"fmt"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// Bounds of what is read.
const (
	MaxSize     = 128 << 20 // bytes of a file
	maxYAML     = 8 << 20   // bytes of a template in YAML; CloudFormation takes 1 MB
	maxDepth    = 200       // of nesting, also through aliases
	maxValues   = 500_000   // of a file in YAML, an aliased value counted each time
	maxPolicy   = 1 << 20   // bytes of one policy
	mostUnknown = 20        // names of open values of one role
)

// Form is what a file is.
type Form string

const (
	Policy    Form = "policy"    // one trust policy
	Account   Form = "account"   // roles with their ARNs, as the AWS CLI prints them or as pkg/casefile has them
	Template  Form = "template"  // of CloudFormation or SAM
	Terraform Form = "terraform" // a plan or a state
)

// AnyAccount stands for the ID of an account that a template leaves open.
const AnyAccount = "000000000000"

// Options are what a file does not say itself.
type Options struct {
	// Params are values of template parameters and of pseudo parameters such as
	// AWS::AccountId. Without them AWS::Partition is aws, AWS::URLSuffix is
	// amazonaws.com, and the others are open.
	Params map[string]string
}

// File is what was found in a file.
type File struct {
	Name      string
	Form      Form
	Roles     []*Role
	Providers []diagnose.Provider // that the file declares or knows, their ARNs without open values
	Faults    []*Fault            // what could not be read, of which the rest was
	source    *source
}

// Role is a role with its trust policy.
type Role struct {
	Address string   // logical ID, resource address or ARN; "" for a policy alone
	ARN     string   // "" where the file does not tell
	Policy  []byte   // JSON text; open values stand in it as ${Name}. nil where it is open as a whole
	Open    []string // names of the values that the file leaves open, but for the account's ID
	Account bool     // the ID of the account is open: AnyAccount stands for it
	Line    int      // of the policy in the file
	file    *File
	pieces  []piece // of Policy, in order
}

// Fault is something in a file that cannot be read.
type Fault struct {
	File         string
	Line, Column int // from 1; 0 where it is about the file as a whole
	Msg          string
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.File, f.Msg)
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Msg)
}

// Read finds the trust policies of a file. The name is for errors and places.
// A *Fault is returned where nothing can be read; faults of parts are listed.
func Read(name string, text []byte, o Options) (*File, error) {
	f := &File{Name: name, source: newSource(name, text)}
	if len(text) > MaxSize {
		return nil, f.source.fault(-1, fmt.Sprintf("the file has more than %d bytes", MaxSize))
	}
	top, err := f.source.parse()
	if err != nil {
		return nil, err
	}
	switch {
	case top.kind != object:
		return nil, f.source.fault(top.at, "an object is expected: a trust policy, a template, a Terraform plan or an account")
	case top.get("Statement") != nil:
		f.Form = Policy
		f.plain("", "", top)
	case top.get("Resources") != nil || top.get("AWSTemplateFormatVersion") != nil:
		f.Form = Template
		newTemplate(f, top, o).read()
	case top.get("planned_values") != nil || top.get("format_version") != nil:
		f.Form = Terraform
		f.terraform(top)
	default:
		f.Form = Account
		f.account(top, 0)
	}
	return f, nil
}

// plain adds a role whose policy holds no functions.
func (f *File) plain(address, arn string, policy *value) {
	r := &Role{Address: address, ARN: arn, Line: f.source.line(policy.at), file: f}
	switch {
	case policy.kind == text:
		r.Policy, r.pieces = []byte(policy.text), f.source.pieces(policy)
	case policy.kind == object && f.source.json:
		r.Policy = f.source.text[policy.at:policy.end]
		r.pieces = []piece{{end: len(r.Policy), at: policy.at, size: len(r.Policy), linear: true}}
	case policy.kind == object:
		w := &writer{}
		w.write(policy, 0)
		r.Policy, r.pieces = w.out.Bytes(), w.pieces
	default:
		f.fault(policy.at, "a trust policy is an object, or a text with one")
		return
	}
	f.add(r)
}

func (f *File) add(r *Role) {
	if len(r.Policy) > maxPolicy {
		f.Faults = append(f.Faults, &Fault{f.Name, r.Line, 1, fmt.Sprintf("a trust policy of more than %d bytes", maxPolicy)})
		return
	}
	f.Roles = append(f.Roles, r)
}

func (f *File) fault(at int, msg string) { f.Faults = append(f.Faults, f.source.fault(at, msg)) }
