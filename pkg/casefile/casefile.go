// Package casefile answers what an account holds from a file instead of from
// AWS: for samples, for tests, and for accounts that may not be asked.
package casefile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// File is what a file tells of a case. It implements diagnose.Account: of a
// list the file has, even an empty one, an absent entry is Missing; of a list
// the file lacks everything is Unseen.
type File struct {
	// Claims are those of the token beyond the record, numbers as json.Number;
	// nil where the file has none.
	Claims map[string]any
	// Context holds further keys of the request context; nil where the file
	// has none.
	Context map[string][]string

	account
}

// maxSize bounds what Load reads. The authorization details of an account
// with all the roles IAM allows come to some ten megabytes.
const maxSize = 256 << 20

// Load reads a file, which may be packed by gzip. The name is for errors. It
// takes:
//
//   - a case: {"account": {…}, "claims": {…}, "extraContext": {…}}, or an
//     event with such a "case" beside it
//   - an account: {"roles": […], "oidcProviders": […],
//     "resourceControlPolicies": […], "events": […]}, each of them optional
//   - what `aws iam get-account-authorization-details` prints, optionally with
//     an "OpenIDConnectProviderList" of what
//     `aws iam get-open-id-connect-provider` prints
//   - what `aws iam get-role` prints
//   - a trust policy alone, which is taken for that of the role in question
func Load(r io.Reader, name string) (*File, error) {
	raw, err := readAll(r)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if raw, err = textOf(raw); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	f, err := fromJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// readAll reads one byte more than Load takes at most. Of a file it asks the
// size, so that its text is not copied while it grows.
func readAll(r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	if f, ok := r.(fs.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			b.Grow(int(min(info.Size(), maxSize)) + bytes.MinRead)
		}
	}
	_, err := b.ReadFrom(io.LimitReader(r, maxSize+1))
	return b.Bytes(), err
}

// FromCase reads the case beside an event, as in cloudtrail.Event.Case, in
// any of the forms of Load.
func FromCase(raw json.RawMessage) (*File, error) {
	f, err := fromJSON(raw)
	if err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	return f, nil
}

// fromJSON reads a file in any of its forms.
func fromJSON(raw []byte) (*File, error) {
	if err := checkSyntax(raw); err != nil {
		return nil, err
	}
	f, err := fromForm(raw)
	if err != nil {
		return nil, err
	}
	f.hold()
	return f, nil
}

// fromForm tells the forms apart by their members.
func fromForm(raw []byte) (*File, error) {
	at := node{raw: bytes.TrimSpace(raw)}
	top, err := at.object()
	if err != nil {
		return nil, err
	}
	switch {
	case top["case"].present():
		return fromCase(top["case"])
	case top["account"].present():
		return fromCase(at)
	case top["RoleDetailList"].present():
		return fromDetails(top)
	case top["Role"].present():
		return fromRole(top["Role"])
	case top["Statement"].present():
		f := &File{account: newAccount()}
		f.roles.lacking = "the account file holds the trust policy of one role"
		f.anyRole = &diagnose.Role{TrustPolicy: raw}
		return f, nil
	case hasAny(top, accountLists):
		f := &File{account: newAccount()}
		return f, f.read(at)
	}
	return nil, fmt.Errorf(`neither a case, an account, authorization details, a role nor a trust policy: ` +
		`one of "account", "roles", "oidcProviders", "resourceControlPolicies", "events", "RoleDetailList", "Role" or "Statement" is expected`)
}

var accountLists = []string{"roles", "oidcProviders", "resourceControlPolicies", "events"}

func hasAny(members map[string]node, names []string) bool {
	for _, name := range names {
		if members[name].present() {
			return true
		}
	}
	return false
}

func fromCase(at node) (*File, error) {
	top, err := at.object()
	if err != nil {
		return nil, err
	}
	f := &File{account: newAccount()}
	if f.Claims, err = top["claims"].claims(); err != nil {
		return nil, err
	}
	if f.Context, err = top["extraContext"].context(); err != nil {
		return nil, err
	}
	return f, f.read(top["account"])
}
