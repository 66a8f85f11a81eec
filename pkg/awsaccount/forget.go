package awsaccount

import "github.com/rolewhy/rolewhy/pkg/cloudtrail"

// Forget drops what was read of the role or the provider of a change, and the
// lists that it is in, so that the next question is answered as it is now. What
// is read at this moment is dropped too: it may be as it was before. The event
// history stays, which shows a change only minutes after its event, and so does
// what does not belong to the account of the change.
func (a *Account) Forget(c cloudtrail.Change) {
	// The account of the credentials may have been asked for without its id.
	lists := func(account string) bool { return account == c.Account || account == "" }
	if c.Role != "" {
		a.roleLists.forget(lists)
	}
	if c.Provider != "" {
		a.idpLists.forget(lists)
	}
	a.roles.forget(func(arn string) bool { return c.Concerns(arn, "") })
	a.providers.forget(func(arn string) bool { return c.Concerns("", arn) })
}

// Renew drops all that an edit may have changed. It keeps whose the credentials
// are, the sessions in other accounts, and the names of accounts.
func (a *Account) Renew() {
	everything := func(string) bool { return true }
	a.roles.forget(everything)
	a.roleLists.forget(everything)
	a.providers.forget(everything)
	a.idpLists.forget(everything)
	a.controls.forget(everything)
	a.histories.forget(everything)
}
