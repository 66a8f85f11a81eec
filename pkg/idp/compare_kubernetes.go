package idp

import (
	"slices"
	"strings"
)

const serviceAccountPrefix = "system:serviceaccount:"

// compareKubernetes names the difference between two service accounts, or
// what is wrong with the form of the wanted value.
func compareKubernetes(c *comparison) {
	got := strings.Split(c.got, ":")
	if len(got) != 4 || !strings.HasPrefix(c.got, serviceAccountPrefix) {
		c.byParts()
		return
	}
	want := strings.Split(c.want, ":")
	if len(want) != 4 || !c.satisfied(want[0]+":"+want[1], "system:serviceaccount") {
		brokenServiceAccount(c, want, got)
	} else {
		compareAccounts(c, want[2], want[3], got[2], got[3])
	}
	if len(c.hints) == 0 {
		c.byParts()
	}
}

// brokenServiceAccount says why a value has not the form
// system:serviceaccount:NAMESPACE:NAME. The last two words are compared as
// well where they are there.
func brokenServiceAccount(c *comparison, want, got []string) {
	n := len(want)
	switch {
	case strings.HasPrefix(c.want, serviceAccountPrefix+serviceAccountPrefix):
		c.addf(KindDoubledValue, "the value of the policy begins with %s twice", Quote(serviceAccountPrefix))
	case strings.HasPrefix(c.want, serviceAccountPrefix+"system:"), strings.HasPrefix(c.want, "system:system:"):
		c.addf(KindDoubledValue, "the value of the policy repeats its beginning: %s", Quote(c.want))
	case strings.HasPrefix(c.want, "system:serviceaccounts:"):
		c.addf(KindPlural, "the second word is %s instead of %s", Quote("serviceaccounts"), Quote("serviceaccount"))
	case n == 4 && want[1] == "serviceaccount":
		c.addf(KindPrefix, "the first word is %s instead of %s", Quote(want[0]), Quote("system"))
	case n == 4 && want[0] == "system":
		c.addf(KindPrefix, "the second word is %s instead of %s", Quote(want[1]), Quote("serviceaccount"))
	case strings.HasPrefix(c.want, serviceAccountPrefix) && n == 3:
		brokenTail(c, want[2], got)
		return
	case strings.HasPrefix(c.want, serviceAccountPrefix) && n > 4:
		c.addf(KindPartExtra, "%s has %d words after %s instead of two", Quote(c.want), n-2, Quote(serviceAccountPrefix))
		return
	case strings.HasPrefix(c.want, "serviceaccount:"), n == 2 && want[0] != "system", n == 1 && strings.Count(c.want, "/") == 1:
		c.addf(KindPrefixMissing, "%s lacks %s at its start", Quote(c.want), Quote(serviceAccountPrefix))
	case strings.HasPrefix(plainPunctuation(c.want), serviceAccountPrefix):
		c.addf(KindSeparator, "%s has other separators than colons", Quote(c.want))
	default:
		return
	}
	if n >= 4 {
		compareAccounts(c, want[n-2], want[n-1], got[2], got[3])
	}
}

// brokenTail judges system:serviceaccount:TAIL, with one word instead of two.
func brokenTail(c *comparison, tail string, got []string) {
	switch {
	case strings.ContainsAny(tail, "./") && c.satisfied(plainPunctuation(tail), got[2]+":"+got[3]):
		c.addf(KindSeparator, "%s joins namespace and service account by another character than a colon", Quote(tail))
	case c.satisfied(tail, got[2]):
		c.addf(KindAccountMissing, "the value of the policy ends with the namespace %s and lacks the service account", Quote(tail))
	default:
		c.addf(KindNamespaceMissing, "the value of the policy lacks the namespace, which is %s, before %s", Quote(got[2]), Quote(tail))
		if !c.satisfied(tail, got[3]) {
			accountHint(c, tail, got[2], got[3])
		}
	}
}

func plainPunctuation(s string) string {
	return strings.NewReplacer(".", ":", "/", ":", ";", ":", "|", ":").Replace(s)
}

// compareAccounts compares namespace and name.
func compareAccounts(c *comparison, wantSpace, wantName, space, name string) {
	sameSpace, sameName := c.satisfied(wantSpace, space), c.satisfied(wantName, name)
	switch {
	case sameSpace && sameName:
	case sameName && wantSpace == wantName:
		c.addf(KindNameTwice, "the name %s stands in place of the namespace, which is %s", Quote(name), Quote(space))
	case sameName:
		namespaceHint(c, wantSpace, space)
	case sameSpace:
		accountHint(c, wantName, space, name)
	default:
		bothDiffer(c, wantSpace, wantName, space, name)
	}
	addonHint(c, wantSpace, wantName, space, name)
}

// bothDiffer puts the add-on in front where the wanted account is that of a
// well-known component.
func bothDiffer(c *comparison, wantSpace, wantName, space, name string) {
	if wanted, ok := Addon(wantSpace, wantName); ok && wanted.Account == wantName {
		c.addf(KindOtherComponent, "the policy wants %s, the account of %s; the call came from %s",
			Quote(wantSpace+":"+wantName), wanted.Name, Quote(space+":"+name))
	}
	namespaceHint(c, wantSpace, space)
	accountHint(c, wantName, space, name)
}

func namespaceHint(c *comparison, want, got string) {
	switch {
	case want == "":
		c.addf(KindEmpty, "the namespace in the value of the policy is empty, the subject has %s", Quote(got))
	case strings.EqualFold(want, got):
		c.addf(KindLetterCase+"-namespace", "namespace %s is written %s in the subject", Quote(want), Quote(got))
	case mistyped(want, got):
		c.addf(KindTyping, "namespace %s differs in one place from %s in the subject", Quote(want), Quote(got))
	default:
		c.addf(KindNamespace, "the policy wants namespace %s, the call came from %s", Quote(want), Quote(got))
	}
}

// accountHint names how the wanted name of a service account relates to the
// one that came.
func accountHint(c *comparison, want, space, got string) {
	wantStem, wantTail := GeneratedTail(want)
	gotStem, gotTail := GeneratedTail(got)
	bare := strings.TrimRight(want, "*-.")
	switch {
	case want == "":
		c.addf(KindEmpty, "the service account in the value of the policy is empty, the subject has %s", Quote(got))
	case strings.EqualFold(want, got):
		c.addf(KindLetterCase+"-service-account", "service account %s is written %s in the subject", Quote(want), Quote(got))
	case gotTail != "" && wantTail != "" && wantStem == gotStem:
		c.addf(KindGenerated, "%s and %s are the same name with two generated endings", Quote(want), Quote(got))
	case gotTail != "" && (want == gotStem || bare == gotStem):
		c.addf(KindGenerated, "%s is %s with the generated ending %s", Quote(got), Quote(gotStem), Quote(gotTail))
	case bare != "" && len(got) > len(bare) && strings.HasSuffix(got, bare) && joint(got[len(got)-len(bare)-1]):
		c.addf(KindReleaseName, "%s stands in front of the name %s, as Helm puts the name of a release there", Quote(got[:len(got)-len(bare)]), Quote(bare))
	case strings.HasPrefix(got, want) && want != "" && joint(got[len(want)]):
		c.addf(KindMissingSuffix, "the account is %s with %s behind", Quote(want), Quote(got[len(want):]))
	case strings.HasSuffix(want, got) && joint(want[len(want)-len(got)-1]):
		c.addf(KindReleaseName, "the policy wants %s in front of the name, which is %s alone", Quote(want[:len(want)-len(got)]), Quote(got))
	case strings.HasPrefix(want, got) && joint(want[len(got)]):
		c.addf(KindExtraSuffix, "the policy wants %s behind the name, which is %s alone", Quote(want[len(got):]), Quote(got))
	default:
		plainAccountHint(c, want, space, got)
	}
}

// joint reports a character that joins words of a name.
func joint(b byte) bool { return b == '-' || b == '.' || b == '_' }

func plainAccountHint(c *comparison, want, space, got string) {
	switch {
	case mistyped(want, got):
		c.addf(KindTyping, "service account %s differs in one place from %s in the subject", Quote(want), Quote(got))
	default:
		c.addf(KindServiceAccount, "the policy wants service account %s, the call came from %s", Quote(want), Quote(got))
	}
	if _, tail := GeneratedTail(got); tail != "" {
		c.addf(KindGenerated, "%s ends with the generated %s", Quote(got), Quote(tail))
	}
}

// addonHint says so where the wanted name is one that the add-on never had.
func addonHint(c *comparison, wantSpace, wantName, space, name string) {
	usual, ok := Addon(space, name)
	if !ok || usual.Account != name || c.satisfied(wantName, name) {
		if wanted, known := Addon(wantSpace, wantName); known && wanted.Account == wantName && len(c.hints) > 0 && c.hints[0].Kind == KindServiceAccount {
			c.hints = append([]Hint{hintf(KindOtherComponent, "the policy wants %s, the account of %s; the call came from %s",
				Quote(wantName), wanted.Name, Quote(name))}, c.hints...)
		}
		return
	}
	if slices.Contains(usual.Aliases, wantName) {
		c.addf(KindAddonAccount, "%s makes no account %s; %s is its usual one", usual.Name, Quote(wantName), Quote(name))
		return
	}
	c.addf(KindAddonAccount, "%s is the usual account of %s", Quote(name), usual.Name)
}
