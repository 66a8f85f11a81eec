package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

// The forms of intervals and limits. Whole minutes or hours say all that there
// is to say of messages to people.
var (
	intervalForm = lazyregexp.New(`^[1-9][0-9]{0,3}[mh]$`)
	limitForm    = lazyregexp.New(`^[1-9][0-9]{0,3}$`)
)

// maxIntervals bounds UpdateAfter.
const maxIntervals = 20

// pace reads how often something is told.
func (c *Config) pace(getenv func(string) string) error {
	return errors.Join(
		setIntervals(&c.UpdateAfter, UpdateAfter, getenv(UpdateAfter)),
		setInterval(&c.QuietAfter, QuietAfter, getenv(QuietAfter)),
		setLimit(&c.AlertsPerRole, AlertsPerRole, getenv(AlertsPerRole)),
		setLimit(&c.AlertsPerHour, AlertsPerHour, getenv(AlertsPerHour)),
	)
}

func setIntervals(list *[]time.Duration, variable, s string) error {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ",")
	if len(parts) > maxIntervals {
		return fmt.Errorf("%s: %d intervals, and %d are the most", variable, len(parts), maxIntervals)
	}
	all := make([]time.Duration, len(parts))
	for i, part := range parts {
		if err := setInterval(&all[i], variable, part); err != nil || part == "" {
			return fmt.Errorf("%s: %q is not a list of intervals such as 15m,1h,4h", variable, s)
		}
		if i > 0 && all[i] < all[i-1] {
			return fmt.Errorf("%s: %s comes after %s, and intervals grow", variable, part, parts[i-1])
		}
	}
	*list = all
	return nil
}

func setInterval(d *time.Duration, variable, s string) (err error) {
	if s == "" {
		return nil
	}
	if !intervalForm.MatchString(s) {
		return fmt.Errorf("%s: %q is not an interval of minutes or hours such as 24h", variable, s)
	}
	*d, err = time.ParseDuration(s)
	return err
}

func setLimit(n *int, variable, s string) (err error) {
	if s == "" {
		return nil
	}
	if !limitForm.MatchString(s) {
		return fmt.Errorf("%s: %q is not a number from 1 to 9999", variable, s)
	}
	*n, err = strconv.Atoi(s)
	return err
}
