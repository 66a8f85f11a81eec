package notify

import "log/slog"

// redacted stands where a secret would have been printed.
const redacted = "[redacted]"

// Secret is a value that must not be shown, such as a webhook's URL. However
// it is printed, logged or encoded, it reads "[redacted]"; Reveal gives the
// value.
type Secret struct{ value string }

// NewSecret wraps a value.
func NewSecret(value string) Secret { return Secret{value} }

// Reveal returns the value itself, for the one place that needs it.
func (s Secret) Reveal() string { return s.value }

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer, so that %#v does not show the value.
func (Secret) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler, which encoding/json uses too.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
