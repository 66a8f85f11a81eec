package cloudtrail

import (
	"errors"
	"io"
)

// walker finds the records in an input and hands them on.
type walker struct {
	scan   *scanner
	name   string
	yield  func(*Event, error) bool
	seen   *Seen    // so far, in every text of the input
	sifts  bool     // only what matters is wanted
	sieve  *sifting // nil where nothing is passed over undecoded
	within *place   // where a text is that lies in a JSON string; nil for the input itself
}

// place is where a text comes from.
type place struct {
	offset int64
	depth  int
}

// maxTexts bounds JSON in strings in JSON: an SQS batch holds one such level.
const maxTexts = 3

var (
	errStopped  = errors.New("the consumer wants no more")
	errNextLine = errors.New("reported; reading goes on at the next line")
)

// input walks the values of the whole input.
func (w *walker) input() {
	s := w.scan
	s.skipMark()
	for {
		c, ok := s.space()
		if !ok {
			break
		}
		if err := w.value(c); err != nil && !w.goOn(err) {
			return
		}
	}
	switch {
	case s.end != io.EOF:
		w.report(s.end, s.offset())
	case w.seen.Records == 0 && s.offset() == 0:
		w.report(ErrEmpty, 0)
	}
}

// goOn reports what broke a value of the input and moves to the next line. It
// is false where nothing is left to be read.
func (w *walker) goOn(err error) bool {
	w.scan.fault = nil // it is in what is given up
	switch {
	case errors.Is(err, errStopped):
		return false
	case err != errNextLine && !w.report(err, w.scan.offset()):
		return false
	case err == w.scan.end || err == io.ErrUnexpectedEOF:
		w.scan.end = io.EOF // reported
	}
	return w.scan.nextLine() || w.scan.end != io.EOF
}

// value walks what begins with c, an element or a value of the input.
func (w *walker) value(c byte) error {
	if c == '{' {
		if passed, err := w.passOver(); passed || err != nil {
			return err
		}
	}
	w.scan.mark = w.scan.pos
	switch c {
	case '{':
		return w.object()
	case '[':
		return w.list()
	}
	return w.scalar()
}

// scalar reports a value that can hold no record.
func (w *walker) scalar() error {
	offset := w.scan.offset()
	if err := w.scan.skip(); err != nil {
		return err
	}
	w.scan.mark = unmarked
	if w.scan.takeFault() != nil {
		return &syntaxError{offset, "text where a record is expected"}
	}
	return w.stopUnless(w.report(ErrNoRecord, offset))
}

// list walks an array of records or of wrappings.
func (w *walker) list() error {
	s := w.scan
	if err := s.enter(); err != nil {
		return err
	}
	depth := len(s.open)
	for first := true; ; first = false {
		more, err := s.next(first)
		if err == nil && !more {
			return nil
		}
		if err == nil {
			err = w.element()
		}
		if err != nil {
			if err = w.nextElement(err, depth); err != nil {
				return err
			}
		}
	}
}

func (w *walker) element() error {
	c, ok := w.scan.peek()
	if !ok {
		return w.scan.early()
	}
	return w.value(c)
}

// nextElement reports what broke an element and moves behind it.
func (w *walker) nextElement(err error, depth int) error {
	var syntax *syntaxError
	if !errors.As(err, &syntax) && !errors.Is(err, ErrTooDeep) {
		return err
	}
	if !w.report(err, w.scan.offset()) {
		return errStopped
	}
	s := w.scan
	defer func() { s.fault = nil }() // it is in what is given up
	if s.mark == unmarked {
		s.mark = max(s.pos-1, 0) // from where a line is looked for
	}
	if !s.nextElement(depth) {
		return errNextLine
	}
	s.mark = unmarked
	return nil
}

// object walks a record or a wrapping. The lists within a wrapping are walked
// as they come; an object without one is kept and read as a whole.
func (w *walker) object() error {
	s := w.scan
	offset := s.offset()
	if err := s.enter(); err != nil {
		return err
	}
	var found members
	listed := false
	for first := true; ; first = false {
		more, err := s.next(first)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		isList, err := w.member(&found, listed)
		if err != nil {
			return err
		}
		listed = listed || isList
	}
	if listed {
		return w.tellFault()
	}
	return w.whole(s.kept(), &found, offset)
}

// member walks one member of an object and notes where it is, or, where it is
// a list of records, walks that and returns true.
func (w *walker) member(found *members, listed bool) (isList bool, err error) {
	s := w.scan
	name, err := w.memberName()
	if err != nil {
		return false, err
	}
	if err := s.colon(); err != nil {
		return false, err
	}
	if c, _ := s.peek(); c == '[' && name == recordList {
		s.mark = unmarked
		if err := w.tellFault(); err != nil {
			return true, err
		}
		err := w.list()
		if s.mark == unmarked {
			s.mark = max(s.pos-1, 0) // what follows may swallow lines
		}
		return true, err
	}
	start := s.pos - s.mark
	if err := s.skip(); err != nil {
		return false, err
	}
	if !listed {
		found[name] = span{start, s.pos - s.mark}
	}
	return false, nil
}

// memberName reads a member's name. It is kept even while nothing else is, as
// in a record that is too large.
func (w *walker) memberName() (member, error) {
	s := w.scan
	s.name = s.pos
	defer func() { s.name = unmarked }()
	if err := s.skipString(); err != nil || s.name == unmarked || s.pos-s.name > mostName {
		return otherMember, err
	}
	return memberOf(s.buf[s.name:s.pos]), nil
}
