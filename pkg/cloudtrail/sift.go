package cloudtrail

import (
	"encoding/binary"
	"time"
)

// sifting is what passing over the records of one input needs.
type sifting struct {
	path
	lines horizon // of the window
	first clock   // of the times in UTC that were noted
	last  clock
	known bool // the shape of the record that was looked at last
}

func newSifting(s *Sieve) *sifting {
	if s == nil {
		return nil
	}
	return &sifting{path: path{Sieve: s}}
}

// passOver moves past the object at pos, and in a list past those that follow
// it, as long as each is for sure a record that does not matter. It is false
// where the first is not.
func (w *walker) passOver() bool {
	s, k := w.scan, w.sieve
	if k == nil || len(s.open) > mostBrackets {
		return false
	}
	s.ahead()
	text := s.buf[s.pos:]
	k.lines.move(text, s.offset())
	k.text = text
	passed := w.pass(0)
	if passed == 0 {
		return false
	}
	listed := len(s.open) > 0
	for listed && len(text)-passed > s.room/16 && text[passed] == ',' && text[passed+1] == '{' {
		end := w.pass(passed + 1)
		if end == 0 {
			break
		}
		passed = end
	}
	s.pos += passed
	s.mark = unmarked
	return true
}

// pass returns the end of a record that does not matter; 0 where it may.
func (w *walker) pass(start int) (end int) {
	k := w.sieve
	end = k.follow(start)
	k.known = end > 0
	if end == 0 || end-start > w.scan.max || !k.lines.clear(k.text, end) || !k.passes() || !w.noteTime(k.text[k.time.start:k.time.end]) {
		return 0
	}
	w.seen.Records++
	return end
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
	if at == (clock{}) {
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
	if w.sieve != nil && !w.sieve.known && len(w.scan.open) <= mostBrackets {
		w.sieve.learn(record)
	}
}
