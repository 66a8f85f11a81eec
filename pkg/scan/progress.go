package scan

// Progress is how far a scan has come.
type Progress struct {
	Inputs   int   // found so far
	Listed   bool  // no more are to come
	Done     int   // of the inputs, those that were read
	Packed   int64 // bytes that were read, as they lie there
	Size     int64 // bytes of all inputs found so far whose size is known
	Bytes    int64 // unpacked
	Records  int   // passed over or kept
	Denials  int
	Groups   int
	Finished bool // all is read and diagnosed: this is the last call
}
