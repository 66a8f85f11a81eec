package report

import "strings"

// Bounds of what prose may take up, in columns.
const (
	longestWord  = 200
	longestProse = 1200
)

// wrap breaks escaped prose at blanks into lines; the first is at most first
// columns wide, the others rest. Words that no line can hold are broken, those
// that nobody would read are cut in the middle.
func wrap(text string, first, rest int) []string {
	var lines []string
	var line cells
	room := first
	for _, word := range words(text) {
		if len(line) > 0 && line.width()+1+word.width() > room {
			lines, line, room = append(lines, line.String()), nil, rest
		}
		if len(line) > 0 {
			line = append(line, cell{" ", 1})
		}
		for word.width() > room-line.width() {
			head := word.head(max(room-line.width(), 2))
			lines, line, room = append(lines, append(line, head...).String()), nil, rest
			word = word[len(head):]
		}
		line = append(line, word...)
	}
	return append(lines, line.String())
}

// words splits text at blanks.
func words(text string) (words []cells) {
	all := cellsOf(shorten(text, longestProse))
	start := 0
	for i := range len(all) + 1 {
		if i < len(all) && all[i].text != " " {
			continue
		}
		if i > start {
			words = append(words, all[start:i].cut(longestWord, longestWord/2))
		}
		start = i + 1
	}
	return words
}

// breakLines breaks a value into lines of width columns; prose behind a blank
// where one is not too far to the left.
func breakLines(c cells, width int, prose bool) (lines []string) {
	for len(c) > 0 {
		head := c.head(max(width, 2))
		if prose && len(head) < len(c) {
			head = head[:lastAfter(head, " ")]
		}
		lines, c = append(lines, head.String()), c[len(head):]
		if prose {
			lines[len(lines)-1] = strings.TrimRight(lines[len(lines)-1], " ")
		}
	}
	return lines
}

// lastAfter is the place behind the last of the characters in the right half
// of c, the end of c where there is none. Those in earlier groups count first.
func lastAfter(c cells, groups ...string) int {
	for _, characters := range groups {
		for i := len(c); i > len(c)/2; i-- {
			if strings.Contains(characters, c[i-1].text) {
				return i
			}
		}
	}
	return len(c)
}
