package cloudtrail

import "time"

// sifting is what passing over the records of one input needs.
type sifting struct {
	*Sieve
	escapes, lines horizon // of the window
	first, last    string  // times as records have them, the same in length
}

func newSifting(s *Sieve) *sifting {
	if s == nil {
		return nil
	}
	return &sifting{Sieve: s, escapes: horizon{of: '\\'}, lines: horizon{of: '\n'}}
}

// passOver moves past the object at pos where it is for sure a record that
// does not matter.
func (w *walker) passOver() bool {
	s := w.scan
	if w.sieve == nil || len(s.open) > mostBrackets {
		return false
	}
	s.ahead()
	text := s.buf[s.pos:]
	w.sieve.escapes.move(text, s.offset())
	w.sieve.lines.move(text, s.offset())
	end, seen := w.sieve.follow(text, &w.sieve.escapes)
	if end == 0 || end > s.max || !w.sieve.lines.clear(text, end) || !seen.passes() || !w.noteTime(seen.time) {
		return false
	}
	s.pos += end
	s.mark = unmarked
	w.seen.Records++
	return true
}

// noteTime notes the eventTime of a record. It is false where that is none.
// Times in UTC to the second, as CloudTrail writes them, compare as texts do.
func (w *walker) noteTime(text []byte) bool {
	k := w.sieve
	if text == nil || len(text) == len(k.first) && k.first <= string(text) && string(text) <= k.last {
		return true
	}
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return false
	}
	w.seen.note(t)
	if len(text) != len(time.DateTime)+1 || text[len(text)-1] != 'Z' {
		return true
	}
	if k.first == "" || string(text) < k.first {
		k.first = string(text)
	}
	k.last = max(k.last, string(text))
	return true
}

// learn teaches the sieve a record that it did not know.
func (w *walker) learn(record []byte) {
	if w.sieve != nil && len(w.scan.open) <= mostBrackets {
		w.sieve.learn(record)
	}
}
