package sarif

// The objects of the format, as far as they are written.

type file struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []run  `json:"runs"`
}

type run struct {
	Tool       tool    `json:"tool"`
	ColumnKind string  `json:"columnKind"`
	Results    []entry `json:"results"`
}

type tool struct {
	Driver component `json:"driver"`
}

type component struct {
	Name    string       `json:"name"`
	Version string       `json:"version,omitempty"`
	URI     string       `json:"informationUri"`
	Rules   []descriptor `json:"rules"`
}

type descriptor struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Short         message        `json:"shortDescription"`
	Full          message        `json:"fullDescription"`
	Help          *message       `json:"help,omitempty"`
	URI           string         `json:"helpUri,omitempty"`
	Configuration configuration  `json:"defaultConfiguration"`
	Properties    ruleProperties `json:"properties"`
}

type configuration struct {
	Level string `json:"level"`
}

type ruleProperties struct {
	Tags     []string `json:"tags,omitempty"`
	Security string   `json:"security-severity,omitempty"`
}

type message struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type entry struct {
	Rule         string            `json:"ruleId"`
	Index        *int              `json:"ruleIndex,omitempty"`
	Level        string            `json:"level"`
	Message      message           `json:"message"`
	Locations    []location        `json:"locations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
	Fixes        []change          `json:"fixes,omitempty"`
	Properties   map[string]string `json:"properties,omitempty"`
}

type location struct {
	Physical *physical `json:"physicalLocation,omitempty"`
	Logical  []logical `json:"logicalLocations,omitempty"`
}

type physical struct {
	Artifact artifact `json:"artifactLocation"`
	Region   *Region  `json:"region,omitempty"`
}

type artifact struct {
	URI string `json:"uri"`
}

type logical struct {
	Name string `json:"fullyQualifiedName"`
	Kind string `json:"kind"`
}

type change struct {
	Description message          `json:"description"`
	Artifacts   []artifactChange `json:"artifactChanges"`
}

type artifactChange struct {
	Artifact     artifact      `json:"artifactLocation"`
	Replacements []replacement `json:"replacements"`
}

type replacement struct {
	Deleted  Region  `json:"deletedRegion"`
	Inserted message `json:"insertedContent"`
}
