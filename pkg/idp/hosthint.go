package idp

import (
	"slices"
	"strings"
)

// HostHints names how two provider ARNs differ, the one that a policy names
// or an account holds and the one the call came through, part by part:
// partition, account, host and path. Either may be the host of a built-in
// provider, and both may be key hosts. It returns nil where they are equal.
func HostHints(wantARN, gotARN string) []Hint {
	if wantARN == gotARN {
		return nil
	}
	if residue := templateResidue(wantARN); residue != "" {
		return []Hint{hintf(KindTemplate, "%s in %s was never filled in", Quote(residue), Quote(wantARN))}
	}
	if plainText(wantARN) == plainText(gotARN) {
		text, white := strayCharacter(wantARN)
		return []Hint{hintf(pick(white, KindWhiteSpace, KindLookAlike), "%[2]s has %[1]s", text, Quote(wantARN))}
	}
	want, wantOK := splitProviderARN(wantARN)
	got, gotOK := splitProviderARN(gotARN)
	switch {
	case !wantOK && !gotOK, !wantOK && !strings.HasPrefix(wantARN, "arn:"):
		return bareHints(wantARN, want, got)
	case !wantOK:
		return []Hint{hintf(KindNotAProviderARN, "%s is not the ARN of an identity provider", Quote(wantARN))}
	case !gotOK && builtIn(gotARN):
		return []Hint{hintf(KindBuiltIn, "%s is built in and has no ARN such as %s", Quote(gotARN), Quote(wantARN))}
	case !gotOK:
		return hostHints(want.host, got.host)
	}
	return slices.Concat(arnHints(want, got), hostHints(want.host, got.host))
}

// builtIn reports the hosts that IAM takes for principals without a provider:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func builtIn(host string) bool {
	p := Find(host)
	return p == google || p == cognito || p == facebook || p == amazon
}

type providerARN struct{ partition, account, host string }

func splitProviderARN(arn string) (p providerARN, ok bool) {
	before, host, ok := strings.Cut(arn, ":oidc-provider/")
	words := strings.Split(before, ":")
	if !ok || len(words) != 5 || words[0] != "arn" {
		return providerARN{host: arn}, false
	}
	return providerARN{partition: words[1], account: words[4], host: host}, true
}

// bareHints compares where the wanted principal is no ARN.
func bareHints(text string, want, got providerARN) []Hint {
	if got.partition == "" {
		return hostHints(want.host, got.host)
	}
	if bareHost(text) == bareHost(got.host) {
		return []Hint{hintf(KindNotAProviderARN, "the host %s stands where the ARN of the provider belongs", Quote(text))}
	}
	return []Hint{hintf(KindProductHost, "%s is not the issuer of the call, which is %s", Quote(text), Quote(got.host))}
}

func arnHints(want, got providerARN) (hints []Hint) {
	if want.partition != got.partition {
		hints = append(hints, hintf(KindPartition, "the partition in the ARN is %s instead of %s", Quote(want.partition), Quote(got.partition)))
	}
	if want.account != got.account {
		same := ""
		if want.host == got.host {
			same = "same host, other account: "
		}
		hints = append(hints, hintf(KindAccount, "%sthe ARN names account %s, the provider is in %s", same, Quote(want.account), Quote(got.account)))
	}
	return hints
}

// hostHints compares two key hosts; one hint at most, the first that fits.
func hostHints(want, got string) []Hint {
	if want == got {
		return nil
	}
	for _, look := range [...]func(want, got string) (Hint, bool){
		schemeInside, hostCase, slashAtEnd, sameServer, sameCluster, swappedWords, enterpriseIssuer, hostSuffix, otherPath, otherCluster, misspelt,
	} {
		if hint, ok := look(want, got); ok {
			return []Hint{hint}
		}
	}
	if a, b := Find(want), Find(got); a != b && a != unknown && b != unknown {
		return []Hint{hintf(KindProductHost, "%s is the issuer of %s, the call came from %s, that of %s", Quote(want), a.Name, Quote(got), b.Name)}
	}
	return []Hint{hintf(KindHost, "%s is not the issuer of the call, which is %s", Quote(want), Quote(got))}
}
