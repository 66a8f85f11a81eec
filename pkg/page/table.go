package page

// row is an item in the table for browsers without JavaScript.
type row struct {
	State, Cause, Grade, Message, Under, Role, Who, Count, First, Last, By string

	Stranger bool
}

// Rows are those of the table; the template calls it.
func (d *document) Rows() []row { return d.rows }
