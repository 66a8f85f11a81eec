package idp

import (
	"slices"
	"strings"
)

func schemeInside(want, got string) (Hint, bool) {
	bare, ok := strings.CutPrefix(want, "https://")
	if !ok || bareHost(bare) != bareHost(got) {
		return Hint{}, false
	}
	return hintf(KindScheme, "%s has %s before the host", Quote(want), Quote("https://")), true
}

func hostCase(want, got string) (Hint, bool) {
	return hintf(KindLetterCase, "%s and %s differ in capital letters alone", Quote(want), Quote(got)), strings.EqualFold(want, got)
}

func slashAtEnd(want, got string) (Hint, bool) {
	switch {
	case want+"/" == got:
		return hintf(KindTrailingSlash, "the issuer ends with a slash, %s, which %s lacks", Quote(got), Quote(want)), true
	case want == got+"/":
		return hintf(KindTrailingSlash, "%s ends with a slash, the issuer does not: %s", Quote(want), Quote(got)), true
	}
	return Hint{}, false
}

// sameServer finds two names that lead to one server and are two issuers to
// IAM, which compares text.
func sameServer(want, got string) (Hint, bool) {
	if serverOf(want) != serverOf(got) {
		return Hint{}, false
	}
	return hintf(KindSameServer, "%s and %s are two names of one server, and two issuers to IAM", Quote(want), Quote(got)), true
}

// serverOf writes the hosts of one server alike: EKS with its dual-stack
// name, S3 with dash, dot and dualstack, the bucket in the name or the path.
func serverOf(host string) string {
	name, path := cutHost(host)
	if region, ok := strings.CutPrefix(name, "oidc-eks."); ok {
		if region, ok = strings.CutSuffix(region, ".api.aws"); ok {
			name = "oidc.eks." + region + ".amazonaws.com"
		}
	}
	name = strings.Replace(name, ".dualstack.", ".", 1)
	if i := strings.Index(name, "s3-"); i == 0 || i > 0 && name[i-1] == '.' {
		name = name[:i] + "s3." + name[i+3:]
	}
	if bucket, rest, ok := strings.Cut(name, ".s3."); ok && strings.Contains(rest, "amazonaws.com") {
		name, path = "s3."+rest, "/"+bucket+path
	}
	return name + path
}

// sameCluster finds the same id under another region.
func sameCluster(want, got string) (Hint, bool) {
	wantName, wantPath := cutHost(want)
	gotName, gotPath := cutHost(got)
	wantWords, gotWords := strings.Split(wantName, "."), strings.Split(gotName, ".")
	if wantPath != gotPath || len(wantWords) != len(gotWords) {
		return Hint{}, false
	}
	at := -1
	for i := range wantWords {
		if wantWords[i] != gotWords[i] {
			if at >= 0 || !isRegion(wantWords[i]) || !isRegion(gotWords[i]) {
				return Hint{}, false
			}
			at = i
		}
	}
	return hintf(KindRegion, "same id, other region: %s instead of %s", Quote(wantWords[at]), Quote(gotWords[at])), true
}

// isRegion reports the form of a region: letters, dashes, one digit at the end.
func isRegion(s string) bool {
	return strings.Count(s, "-") >= 2 && len(s) > 7 && '0' <= s[len(s)-1] && s[len(s)-1] <= '9'
}

func swappedWords(want, got string) (Hint, bool) {
	wantName, wantPath := cutHost(want)
	gotName, gotPath := cutHost(got)
	a, b := strings.Split(wantName, "."), strings.Split(gotName, ".")
	slices.Sort(a)
	slices.Sort(b)
	return hintf(KindSwappedWords, "the words of the host stand in another order: %s instead of %s", Quote(wantName), Quote(gotName)),
		wantPath == gotPath && slices.Equal(a, b)
}

func enterpriseIssuer(want, got string) (Hint, bool) {
	a, b := Find(want), Find(got)
	family := func(p *Provider) bool { return p == github || p == githubEnterprise || p == gheCom || p == ghes }
	if !family(a) || !family(b) || want == got {
		return Hint{}, false
	}
	if a == github && b == github {
		return hintf(KindSpellingOfHost, "%s is not the issuer of GitHub, which is %s", Quote(want), Quote(got)), true
	}
	return hintf(KindEnterpriseHost, "%s is the issuer of %s, the call came from %s, that of %s", Quote(want), a.Name, Quote(got), b.Name), true
}

// hostSuffix finds hosts of which one goes on where the other ends.
func hostSuffix(want, got string) (Hint, bool) {
	switch {
	case strings.HasPrefix(got, want) && joint(got[len(want)]):
		return hintf(KindHostSuffix, "the issuer goes on with %s behind %s", Quote(got[len(want):]), Quote(want)), true
	case strings.HasPrefix(want, got) && joint(want[len(got)]):
		return hintf(KindHostSuffix, "%s goes on with %s behind the issuer", Quote(want), Quote(want[len(got):])), true
	}
	return Hint{}, false
}

func otherPath(want, got string) (Hint, bool) {
	wantName, wantPath := cutHost(want)
	gotName, gotPath := cutHost(got)
	if wantName != gotName || isClusterPath(wantPath) && isClusterPath(gotPath) {
		return Hint{}, false
	}
	switch {
	case wantPath == "":
		return hintf(KindHostPath, "%s lacks the path of the issuer, %s", Quote(want), Quote(gotPath)), true
	case gotPath == "":
		return hintf(KindHostPath, "%s has the path %s, the issuer none", Quote(want), Quote(wantPath)), true
	}
	return hintf(KindHostPath, "same host, other path: %s instead of %s", Quote(wantPath), Quote(gotPath)), true
}

func isClusterPath(path string) bool { return strings.HasPrefix(path, "/id/") }

// otherCluster finds two EKS issuers with different ids.
func otherCluster(want, got string) (Hint, bool) {
	_, wantPath := cutHost(want)
	_, gotPath := cutHost(got)
	if Find(want) != eks || Find(got) != eks || wantPath == gotPath {
		return Hint{}, false
	}
	return hintf(KindCluster, "same kind of host, other cluster: the id is %s instead of %s",
		Quote(strings.TrimPrefix(wantPath, "/id/")), Quote(strings.TrimPrefix(gotPath, "/id/"))), true
}

// misspelt finds hosts one slip apart, such as tokens.actions.….
func misspelt(want, got string) (Hint, bool) {
	return hintf(KindSpellingOfHost, "the host %s differs in one place from %s", Quote(want), Quote(got)), mistyped(want, got)
}
