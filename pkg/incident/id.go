package incident

import "fmt"

// mostID is how long a name in a store may be, in bytes: below the 2,048 that
// DynamoDB allows, with room for what a store puts in front.
const mostID = 2000

// CheckID tells what is wrong with the ID of an incident or the name of a
// permit, for stores; nil where it will do.
func CheckID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("an incident needs an ID, and a permit a name: it is empty")
	case len(id) > mostID:
		return fmt.Errorf("the ID of an incident or name of a permit has %d bytes (%.40q…): %d are allowed", len(id), id, mostID)
	default:
		return nil
	}
}
