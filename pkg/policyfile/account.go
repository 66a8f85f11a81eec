package policyfile

// account adds the roles of an account file, wherever in it they are.
func (f *File) account(v *value, depth int) {
	for _, item := range v.items {
		f.account(item, depth+1)
	}
	if policy := v.get("AssumeRolePolicyDocument"); policy != nil && policy.kind != other {
		arn := v.get("Arn").string()
		address := arn
		if address == "" {
			address = v.get("RoleName").string()
		}
		f.plain(address, arn, policy)
		return
	}
	for _, m := range v.members {
		f.account(m.value, depth+1)
	}
}
