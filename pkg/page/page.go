// Package page writes the result of a scan or of an audit as one HTML file that
// needs nothing else: it opens from disk, asks for nothing over the network,
// and its content security policy lets nothing run but its own script.
//
// All that is data goes into the page as JSON, and from there to the screen as
// text, never as markup. A browser without JavaScript shows the table alone.
package page

import (
	"fmt"
	"io"

	"github.com/rolewhy/rolewhy/pkg/audit"
	"github.com/rolewhy/rolewhy/pkg/scan"
)

// Scan writes the page of a scan: its incidents by cause, role and caller, each
// with its whole explanation. r is not nil; a result without incidents gives a
// page that says so. An error is one of w, or of a result that cannot be
// encoded.
func Scan(w io.Writer, r *scan.Result) error {
	return write(w, scanned(r))
}

// Audit writes the page of an audit: its findings by kind, each with its place,
// who can enter, and its fix. r is not nil; a result without findings gives a
// page that says so. Errors are those of Scan.
func Audit(w io.Writer, r *audit.Result) error {
	return write(w, audited(r))
}

func write(w io.Writer, d *document) error {
	s, err := newShell(d)
	if err != nil {
		return err
	}
	if err := pageTemplate().Execute(w, s); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}
