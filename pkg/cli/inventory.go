package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rolewhy/rolewhy/pkg/diagnose"
	"github.com/rolewhy/rolewhy/pkg/policyfile"
)

// inventory is the account that stands behind files, and the files.
type inventory struct {
	*invocation
	live    live
	account string
	given   []string // values of parameters, NAME=VALUE

	params map[string]string
	behind diagnose.Account // noAccount where none was given
	ids    []string         // of the accounts behind
}

func (v *inventory) inventoryFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&v.account, "account", "", "`FILE` with the roles and providers of the account")
	f.StringArrayVar(&v.given, "param", nil, "`NAME=VALUE` of a template's parameter, or of AWS::AccountId, AWS::Partition, AWS::Region and so on")
	v.live.liveFlags(cmd)
}

func (v *inventory) checkInventory() error {
	if v.live.on && v.account != "" {
		return usageError("the account is read either from AWS with --live or from a file with --account, not both")
	}
	v.params = map[string]string{}
	for _, p := range v.given {
		name, value, ok := strings.Cut(p, "=")
		if !ok || name == "" {
			return usagef("--param %q is no NAME=VALUE", p)
		}
		v.params[name] = value
	}
	return v.live.checkLive()
}

// prepare reads the account, or gets ready to.
func (v *inventory) prepare(ctx context.Context) error {
	v.behind = noAccount
	if v.account != "" {
		f, err := loadAccount(v.account)
		if err != nil {
			return err
		}
		v.behind, v.ids = f, f.Accounts()
	}
	if err := v.live.connect(ctx, v.Env); err != nil {
		return err
	}
	if v.live.account != nil {
		id := v.live.account.Own(ctx)
		if id == "" {
			return errors.New("the account of the credentials could not be seen")
		}
		v.behind, v.ids = v.live.account, []string{id}
	}
	if _, ok := v.params[accountParameter]; !ok && len(v.ids) == 1 {
		v.params[accountParameter] = v.ids[0]
	}
	return nil
}

// accountParameter is what templates call the ID of the account.
const accountParameter = "AWS::AccountId"

// read reads a file of policies. What cannot be read of it is complained of;
// nil where that is all of it.
func (v *inventory) read(name string) (f *policyfile.File, text []byte) {
	text, err := v.text(name)
	if err == nil {
		f, err = policyfile.Read(name, text, policyfile.Options{Params: v.params})
	}
	if err != nil {
		v.fail(err)
		return nil, nil
	}
	for _, fault := range f.Faults {
		v.fail(fault)
	}
	return f, text
}

// text is what a file holds, or standard input.
func (v *inventory) text(name string) ([]byte, error) {
	in := v.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, policyfile.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return text, nil
}
