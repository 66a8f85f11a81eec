package policy

// EditKind names a kind of edit.
type EditKind string

const (
	ReplaceValue     EditKind = "replace-value"     // Value of Operator/Key becomes New
	AddValue         EditKind = "add-value"         // New joins the values of Operator/Key
	RemoveValue      EditKind = "remove-value"      // Value leaves the values of Operator/Key
	RenameKey        EditKind = "rename-key"        // Key becomes New
	ChangeOperator   EditKind = "change-operator"   // Operator/Key moves under the operator New
	RemoveCondition  EditKind = "remove-condition"  // Operator/Key goes
	AddCondition     EditKind = "add-condition"     // New, JSON text of the value or values, under Operator/Key
	ReplaceAction    EditKind = "replace-action"    // Value becomes New
	AddAction        EditKind = "add-action"        // New joins the actions
	ReplacePrincipal EditKind = "replace-principal" // Value becomes New, the type stays
	RemovePrincipal  EditKind = "remove-principal"  // Value leaves its list
	SetPrincipal     EditKind = "set-principal"     // the Principal member becomes New, JSON text
	AddStatement     EditKind = "add-statement"     // New, JSON text, after the last statement
	ReplaceStatement EditKind = "replace-statement" // the statement becomes New, JSON text
	RemoveStatement  EditKind = "remove-statement"
)

// Edit is one change of a policy. It addresses what it changes by statement
// index, operator, key and value as they stand when it is applied.
type Edit struct {
	Kind      EditKind `json:"kind"`
	Statement int      `json:"statement"` // from 0
	Operator  string   `json:"operator,omitempty"`
	Key       string   `json:"key,omitempty"`
	Value     string   `json:"value,omitempty"`
	New       string   `json:"new,omitempty"`
}
