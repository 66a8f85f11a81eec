package policy

import (
	"net/netip"
	"strings"
)

// compareBool takes true and false in any letter case: policies made from YAML
// write True, and the documentation does not refuse it.
func compareBool(value, got string) (Result, Reason) {
	switch {
	case !isBool(value) || !isBool(got):
		return Unknown, NotABoolean
	case strings.EqualFold(value, got):
		return Yes, Equal
	}
	return No, Differs
}

func isBool(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }

// compareNumber leaves open what IAM does where one side is no number.
func compareNumber(order, value, got string) (Result, Reason) {
	want, ok := parseDecimal(value)
	have, ok2 := parseDecimal(got)
	if !ok || !ok2 {
		return Unknown, NotANumber
	}
	return inOrder(order, compareDecimals(have, want))
}

// compareDate leaves open what IAM does where one side is no date.
func compareDate(order, value, got string) (Result, Reason) {
	want, ok := parseDate(value)
	have, ok2 := parseDate(got)
	if !ok || !ok2 {
		return Unknown, NotADate
	}
	return inOrder(order, compareInstants(have, want))
}

func inOrder(order string, c int) (Result, Reason) {
	ok := false
	switch order {
	case "Equals":
		if c == 0 {
			return Yes, Equal
		}
		return No, Differs
	case "LessThan":
		ok = c < 0
	case "LessThanEquals":
		ok = c <= 0
	case "GreaterThan":
		ok = c > 0
	case "GreaterThanEquals":
		ok = c >= 0
	}
	if ok {
		return Yes, InRange
	}
	return No, OutOfRange
}

// compareAddress compares addresses by value, with any prefix length. What a
// range means that is not one, and an IPv4 address written as IPv6, is left
// open: the documentation is silent.
func compareAddress(value, got string) (Result, Reason) {
	want, err := netip.ParsePrefix(value)
	if err != nil {
		addr, err := netip.ParseAddr(value)
		if err != nil {
			return Unknown, NotAnAddress
		}
		want = netip.PrefixFrom(addr, addr.BitLen())
	}
	have, err := netip.ParseAddr(got)
	switch {
	case err != nil || have.Zone() != "" || want.Addr().Zone() != "":
		return Unknown, NotAnAddress
	case have.Is4In6() || want.Addr().Is4In6():
		return Unknown, Undocumented
	case want.Contains(have):
		return Yes, InRange
	}
	return No, OutOfRange
}
