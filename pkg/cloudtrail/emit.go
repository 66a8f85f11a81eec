package cloudtrail

import (
	"encoding/json"
	"errors"
	"fmt"
)

// whole reads an object; nil stands for one that is too large.
func (w *walker) whole(raw []byte, found *members, offset int64) error {
	switch {
	case raw == nil:
		w.scan.fault = nil
		return w.stopUnless(w.report(ErrTooLarge, offset))
	case found.has(eventName):
		w.learn(raw)
		return w.record(raw, found.of(raw, caseLabel), offset)
	case found.has(detail):
		return w.record(found.of(raw, detail), found.of(raw, caseLabel), offset)
	case found.has(lookupItem):
		return w.text(found.of(raw, lookupItem), offset)
	case found.has(messageBody):
		return w.text(found.of(raw, messageBody), offset)
	}
	w.scan.fault = nil
	return w.stopUnless(w.report(ErrNoRecord, offset))
}

// text walks JSON that lies in a JSON string.
func (w *walker) text(raw []byte, offset int64) error {
	if err := w.tellFault(); err != nil {
		return err
	}
	within := &place{offset: offset, depth: 1}
	if w.within != nil {
		within = &place{offset: w.within.offset, depth: w.within.depth + 1}
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil || within.depth > maxTexts {
		return w.stopUnless(w.report(ErrNoRecord, offset))
	}
	inner := &walker{scan: textScanner([]byte(text)), name: w.name, sifts: w.sifts, seen: w.seen, within: within}
	stopped := false
	inner.yield = func(ev *Event, err error) bool {
		stopped = !w.yield(ev, err)
		return !stopped
	}
	inner.input()
	return w.stopUnless(!stopped)
}

// record decodes a record and hands it on, after what is wrong with it.
func (w *walker) record(raw, label []byte, offset int64) error {
	w.seen.Records++
	ev, flaws := decode(raw)
	if ev != nil {
		w.seen.note(ev.Time)
	}
	if err := w.tellFault(); err != nil {
		return err
	}
	if ev != nil && w.sifts && !ev.Matters() {
		return nil
	}
	for _, flaw := range flaws {
		if !w.yield(nil, w.error(flaw, offset)) {
			return errStopped
		}
	}
	if ev == nil {
		return nil
	}
	if label != nil && string(label) != "null" {
		ev.Case = json.RawMessage(string(label))
	}
	return w.stopUnless(w.yield(ev, nil))
}

// tellFault yields what is not JSON in what was read last, if anything is.
func (w *walker) tellFault() error {
	if fault := w.scan.takeFault(); fault != nil {
		return w.stopUnless(w.yield(nil, w.error(fault, 0)))
	}
	return nil
}

// report yields an error about a value in the place of a record.
func (w *walker) report(err error, offset int64) bool {
	w.seen.Records++
	return w.yield(nil, w.error(err, offset))
}

func (w *walker) error(err error, offset int64) *Error {
	var syntax *syntaxError
	if errors.As(err, &syntax) {
		offset = syntax.offset
	}
	if w.within != nil {
		err = fmt.Errorf("in the JSON text of a string: %w", err)
		offset = w.within.offset
	}
	return &Error{Name: w.name, Record: max(w.seen.Records, 1), Offset: offset, Err: err}
}

func (w *walker) stopUnless(wanted bool) error {
	if wanted {
		return nil
	}
	return errStopped
}
