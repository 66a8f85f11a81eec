package cloudtrail

import (
	"encoding/binary"
	"math/bits"
)

// head is how a record begins, up to the eventTime, with the free strings in
// it: one caller makes many calls. To compare it is less work than to walk it.
type head struct {
	text []byte
	at   *node // behind it
}

// Bounds of the heads that are kept.
const (
	mostHeads    = 512
	mostHeadText = 1 << 10
)

// enterHead moves past the head of the record where it is known; else the head
// is to be kept.
func (p *path) enterHead() {
	p.head = &p.heads[slot(p.text[p.pos:], 64, 128)%mostHeads] // by the ids of the principal and of its session
	if h := p.head; len(h.text) > 0 && begins(p.text[p.pos:], h.text) {
		p.pos, p.at, p.next, p.head = p.pos+len(h.text), h.at, timeValue, nil
	}
}

// keepHead keeps the head that ends here in the place of another, if it is to
// be kept. One that has told what matters is not.
func (p *path) keepHead() {
	h := p.head
	p.head = nil
	if text := p.text[p.start:p.pos]; h != nil && len(text) <= mostHeadText && p.names == 0 && !p.fails {
		h.text, h.at = append(p.room(h.text, len(text)), text...), p.at
	}
}

func begins(text, with []byte) bool {
	return len(text) >= len(with) && string(text[:len(with)]) == string(with)
}

// room is where a text is kept: in the place of the one before where it is large
// enough.
func (s *Sieve) room(before []byte, n int) []byte {
	if cap(before) >= n {
		return before[:0]
	}
	n = (n + 63) &^ 63
	if len(s.arena) < n {
		s.arena = make([]byte, 64*mostHeadText)
	}
	room := s.arena[:0:n]
	s.arena = s.arena[n:]
	return room
}

// slot is where a text is kept, by the bytes that tell it from others.
func slot(text []byte, from, to int) uint64 {
	if len(text) < to {
		return 0
	}
	var sum uint64
	for tell := text[from:to]; len(tell) >= 16; tell = tell[16:] {
		sum = (sum ^ binary.LittleEndian.Uint64(tell) ^ bits.RotateLeft64(binary.LittleEndian.Uint64(tell[8:]), 29)) * 0x9e3779b97f4a7c15
	}
	return sum >> 32
}
