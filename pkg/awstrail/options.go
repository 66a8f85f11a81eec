package awstrail

import "cmp"

// Check tells what is no account or region, or a time that ends before it
// begins. It asks nothing of AWS.
func (n Narrow) Check() error { return n.check() }

// Check tells what cannot be meant: a table, a workgroup or a place for the
// result that can have no such name. It asks nothing of AWS.
func (o QueryOptions) Check() error {
	o.WorkGroup = cmp.Or(o.WorkGroup, defaultWorkGroup)
	_, _, err := o.check()
	return err
}

// defaultWorkGroup is the one that every account has.
const defaultWorkGroup = "primary"
