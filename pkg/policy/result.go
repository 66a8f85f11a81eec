package policy

// String returns "yes", "no" or "unknown".
func (r Result) String() string {
	switch r {
	case Yes:
		return "yes"
	case No:
		return "no"
	}
	return "unknown"
}

// resultOf turns a known outcome into a Result.
func resultOf(ok bool) Result {
	if ok {
		return Yes
	}
	return No
}

// String returns the outcome as the oracle of the test data spells it:
// Allowed, ImplicitlyDenied, ExplicitlyDenied or Undecided.
func (v Verdict) String() string {
	switch v {
	case Allowed:
		return "Allowed"
	case ImplicitlyDenied:
		return "ImplicitlyDenied"
	case ExplicitlyDenied:
		return "ExplicitlyDenied"
	}
	return "Undecided"
}

// verdictOf is the outcome when allow is the maximum over the Allow statements
// and deny that over the Deny statements. An explicit deny wins whatever the
// rest says; an open deny leaves open which denial it is.
func verdictOf(allow, deny Result) Verdict {
	switch {
	case deny == Yes:
		return ExplicitlyDenied
	case deny == Unknown || allow == Unknown:
		return Undecided
	case allow == Yes:
		return Allowed
	}
	return ImplicitlyDenied
}
