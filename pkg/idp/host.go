package idp

import "strings"

// hostPattern describes issuers. In name a label "*" stands for one label of
// any text, a label such as "s3-*" for one with that start, and a leading
// "**" for one label or more; path is matched as follows: "" no path, "*" any
// or none, otherwise segments with "*" for one segment, and "**" at the end
// for the rest.
//
// A star never spans a dot, so that a bucket or tenant named like a product
// is not taken for it.
type hostPattern struct{ name, path string }

// cutHost splits a key host into its name, in lower case, and its path with
// the leading slash.
func cutHost(host string) (name, path string) {
	if i := strings.IndexByte(host, '/'); i >= 0 {
		return strings.ToLower(host[:i]), host[i:]
	}
	return strings.ToLower(host), ""
}

func (h *hostPattern) matches(name, path string) bool {
	return matchLabels(h.name, name) && (h.path == "*" || matchSegments(h.path, path))
}

// matchLabels compares from the last label to the first, since the last ones
// tell most.
func matchLabels(pattern, name string) bool {
	if strings.IndexByte(pattern, '*') < 0 {
		return pattern == name
	}
	for {
		prest, plabel := cutLast(pattern, '.')
		nrest, nlabel := cutLast(name, '.')
		if plabel == "**" {
			return nlabel != ""
		}
		if !matchSegment(plabel, nlabel) {
			return false
		}
		if prest == "" || nrest == "" {
			return prest == nrest
		}
		pattern, name = prest, nrest
	}
}

func matchSegments(pattern, path string) bool {
	for pattern != "" {
		phead, prest := cutFirst(pattern[1:])
		if phead == "**" {
			return len(path) > 1
		}
		if path == "" {
			return false
		}
		head, rest := cutFirst(path[1:])
		if !matchSegment(phead, head) {
			return false
		}
		pattern, path = prest, rest
	}
	return path == ""
}

// matchSegment matches one label or path segment; a star stands at its end.
func matchSegment(pattern, s string) bool {
	if stem, ok := strings.CutSuffix(pattern, "*"); ok {
		return len(s) > len(stem) && s[:len(stem)] == stem
	}
	return pattern == s
}

func cutLast(s string, sep byte) (rest, last string) {
	if i := strings.LastIndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}

// cutFirst returns the first segment of a path without leading slash, and the
// rest with its slash.
func cutFirst(s string) (head, rest string) {
	if i := strings.IndexByte(s, '/'); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}
