package corpus

import (
	"encoding/json"
	"strconv"
	"time"
)

const account = "123456789012"

// record is JSON in the making, in the order and the layout of CloudTrail.
type record struct{ buf []byte }

// key begins a member of the innermost object.
func (r *record) key(name string) {
	if last := r.buf[len(r.buf)-1]; last != '{' {
		r.buf = append(r.buf, ',')
	}
	r.buf = append(r.buf, '"')
	r.buf = append(r.buf, name...)
	r.buf = append(r.buf, '"', ':')
}

// text adds a member that is a string without anything to escape.
func (r *record) text(name, value string) {
	r.key(name)
	r.buf = append(r.buf, '"')
	r.buf = append(r.buf, value...)
	r.buf = append(r.buf, '"')
}

// quoted adds a member that is any string.
func (r *record) quoted(name, value string) {
	r.key(name)
	quoted, err := json.Marshal(value)
	if err != nil {
		panic(err) // no string is without its JSON
	}
	r.buf = append(r.buf, quoted...)
}

// raw adds a member with its JSON.
func (r *record) raw(name, value string) {
	r.key(name)
	r.buf = append(r.buf, value...)
}

func (r *record) number(name string, value int) {
	r.key(name)
	r.buf = strconv.AppendInt(r.buf, int64(value), 10)
}

// object adds a member that is an object.
func (r *record) object(name string, members func()) {
	r.key(name)
	r.buf = append(r.buf, '{')
	members()
	r.buf = append(r.buf, '}')
}

const (
	hexDigits  = "0123456789abcdef"
	upper      = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	alphabet   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	base64Text = alphabet + "+/"
)

// random is a text of the letters given.
func (f *file) random(n int, letters string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[f.IntN(len(letters))]
	}
	return string(b)
}

func (f *file) letters(n int) string { return f.random(n, alphabet) }

func (f *file) uuid() string {
	h := f.random(32, hexDigits)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// one is one of several texts.
func (f *file) one(texts []string) string { return texts[f.IntN(len(texts))] }

// moment is one within the five minutes of the file.
func (f *file) moment() string {
	return f.begin.Add(time.Duration(f.IntN(300)) * time.Second).Format(time.RFC3339)
}

func (f *file) address() string {
	return strconv.Itoa(3+f.IntN(200)) + "." + strconv.Itoa(f.IntN(256)) + "." + strconv.Itoa(f.IntN(256)) + "." + strconv.Itoa(1+f.IntN(254))
}
