package cli

// Fits is for the tests that see the package from outside.
var Fits = fits
