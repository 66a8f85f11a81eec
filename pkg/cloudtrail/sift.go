package cloudtrail

import (
	"encoding/binary"
	"time"
)

// sifting is what passing over the records of one input needs.
type sifting struct {
	path
	first clock // of the times in UTC that were noted
	last  clock
	knew  bool // the shape of the record that was looked at last
}

func newSifting(s *Sieve) *sifting {
	if s == nil {
		return nil
	}
	return &sifting{path: path{Sieve: s}}
}

// passOver moves past the object at pos, and in a list past those that follow
// it, as long as each is of a known shape. Those that may matter it hands on. It
// is false where the first is not known.
func (w *walker) passOver() (bool, error) {
	s, k := w.scan, w.sieve
	if k == nil || len(s.open) > mostBrackets {
		return false, nil
	}
	s.ahead(s.room / 16)
	passed, err := w.passFirst()
	if passed == 0 && s.ahead(s.room/2) {
		passed, err = w.passFirst() // it may be longer than what was there
	}
	listed := len(s.open) > 0
	for end := passed; listed && end > 0 && err == nil; {
		if len(k.text)-end <= s.room/16 || k.text[end] != ',' || k.text[end+1] != '{' {
			break
		}
		if end, err = w.pass(end + 1); end > 0 {
			passed = end
		}
	}
	if passed == 0 {
		return false, err
	}
	s.pos += passed
	s.mark = unmarked
	return true, err
}

// passFirst is pass for the record at pos.
func (w *walker) passFirst() (end int, err error) {
	w.sieve.text = w.scan.buf[w.scan.pos:]
	return w.pass(0)
}

// pass returns the end of a record of a known shape, which was handed on where
// it may matter; 0 where the shape is not known.
func (w *walker) pass(start int) (end int, err error) {
	k := w.sieve
	end = k.follow(start)
	k.knew = end > 0
	if end == 0 || end-start > w.scan.max || k.names == 0 {
		return 0, nil
	}
	if k.passes() && w.noteTime(k.text[k.time.start:k.time.end]) {
		w.seen.Records++
		return end, nil
	}
	return end, w.record(k.text[start:end], nil, w.scan.offset()+int64(start))
}

// noteTime notes the eventTime of a record. It is false where that is none.
func (w *walker) noteTime(text []byte) bool {
	k := w.sieve
	at := clockOf(text)
	if len(text) == 0 || at != (clock{}) && !at.before(k.first) && !k.last.before(at) {
		return true
	}
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return false
	}
	w.seen.note(t)
	if at == (clock{}) || t.IsZero() {
		return true
	}
	if k.first == (clock{}) || at.before(k.first) {
		k.first = at
	}
	if k.last.before(at) {
		k.last = at
	}
	return true
}

// clock is a time in UTC to the second as CloudTrail writes it. Such times
// compare as their texts do.
type clock struct {
	day, hour uint64
	second    uint32
}

// clockOf reads 2006-01-02T15:04:05Z; zero for any other form.
func clockOf(text []byte) clock {
	if len(text) != 20 || text[19] != 'Z' {
		return clock{}
	}
	return clock{binary.BigEndian.Uint64(text), binary.BigEndian.Uint64(text[8:]), binary.BigEndian.Uint32(text[16:])}
}

func (c clock) before(d clock) bool {
	if c.day != d.day {
		return c.day < d.day
	}
	if c.hour != d.hour {
		return c.hour < d.hour
	}
	return c.second < d.second
}

// learn teaches the sieve a record that it did not know.
func (w *walker) learn(record []byte) {
	if w.sieve != nil && !w.sieve.knew && w.scan.fault == nil && len(w.scan.open) <= mostBrackets {
		w.sieve.learn(record)
	}
}
