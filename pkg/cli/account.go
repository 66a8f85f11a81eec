package cli

import (
	"fmt"
	"os"

	"github.com/rolewhy/rolewhy/pkg/casefile"
	"github.com/rolewhy/rolewhy/pkg/cloudtrail"
	"github.com/rolewhy/rolewhy/pkg/diagnose"
)

// loadAccount reads what an account holds from a file.
func loadAccount(name string) (*casefile.File, error) {
	if name == "-" {
		return nil, usageError("--account takes the name of a file; where the account comes through a pipe, that is /dev/stdin")
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, fmt.Errorf("read account: %s is a folder: give the file in it", name)
	}
	r, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	defer r.Close()
	f, err := casefile.Load(r, name)
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	return f, nil
}

// know is what is known around an event: the account that was given, else the
// case beside the event, else nothing.
func know(ev *cloudtrail.Event, given *casefile.File) (diagnose.Account, diagnose.Options, error) {
	if given == nil && ev.Case != nil {
		var err error
		if given, err = casefile.FromCase(ev.Case); err != nil {
			return nil, diagnose.Options{}, fmt.Errorf("read case of event %s: %w", ev.ID, err)
		}
	}
	if given == nil {
		return noAccount, diagnose.Options{}, nil
	}
	return given, diagnose.Options{Claims: given.Claims, Context: given.Context}, nil
}

// noAccount stands for an account of which nothing was given.
var noAccount = diagnose.NoAccount{Why: "no account was given; give one with --account FILE, or read it from AWS with --live"}
