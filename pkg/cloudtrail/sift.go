package cloudtrail

import "time"

// sifting is what passing over the records of one input needs.
type sifting struct {
	path
	escapes, lines horizon // of the window
	first, last    string  // times as records have them, the same in length
	known          bool    // the shape of the record that was looked at last
}

func newSifting(s *Sieve) *sifting {
	if s == nil {
		return nil
	}
	k := &sifting{escapes: horizon{of: '\\'}, lines: horizon{of: '\n'}}
	k.path = path{Sieve: s, escapes: &k.escapes}
	return k
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
	k.escapes.move(text, s.offset())
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
// Times in UTC to the second, as CloudTrail writes them, compare as texts do.
func (w *walker) noteTime(text []byte) bool {
	k := w.sieve
	if len(text) == 0 || len(text) == len(k.first) && k.first <= string(text) && string(text) <= k.last {
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
	if w.sieve != nil && !w.sieve.known && len(w.scan.open) <= mostBrackets {
		w.sieve.learn(record)
	}
}
