package awsaccount

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

const late = "not read within 5 s; it follows"

// The budget runs from the beginning of the reading: who comes later waits
// less.
func TestSlowReadingsHaveABudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = 20 * time.Second // for each of two pages
		a := f.account(Options{Account: account, SlowBudget: 5 * time.Second})
		for _, tt := range []struct {
			pause, wait time.Duration
			why         string
		}{
			{0, 5 * time.Second, late},
			{0, 0, late},
			{30 * time.Second, 0, late},
			{6 * time.Second, 0, ""},
		} {
			time.Sleep(tt.pause)
			began := time.Now()
			got := a.Roles(t.Context(), account)
			if got.Why != tt.why || (got.Exists == policy.Yes) != (tt.why == "") {
				t.Errorf("after %v: %d, %q", tt.pause, got.Exists, got.Why)
			}
			if waited := time.Since(began); waited != tt.wait {
				t.Errorf("waited %v, want %v", waited, tt.wait)
			}
		}
		if calls := f.take(); len(calls) != 2 {
			t.Errorf("calls %v", calls)
		}
	})
}

func TestWithoutABudgetTheContextDecides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = 20 * time.Second
		if got := f.account(Options{Account: account}).Roles(t.Context(), account); got.Exists != policy.Yes {
			t.Errorf("roles %+v", got)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		got := f.account(Options{Account: account}).Roles(ctx, account)
		if got.Why != "AWS did not answer in time: needs iam:ListRoles on *" {
			t.Errorf("roles %+v", got)
		}
		time.Sleep(time.Minute) // the reading ends
	})
}

// The time of a role or a provider is that of the context, not the budget.
func TestWhatIsNeededHasNoBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = 8 * time.Second
		a := f.account(Options{Account: account, SlowBudget: 5 * time.Second})
		if got := a.Role(t.Context(), deploy); got.Exists != policy.Yes {
			t.Errorf("role %+v", got)
		}
	})
}

func TestSettled(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		wait time.Duration // of the context
		news bool
		took time.Duration
	}{
		{"seen in the end", nil, time.Minute, true, 35 * time.Second},
		{"refused in the end", apiError("AccessDenied"), time.Minute, false, 15 * time.Second}, // at the first page
		{"the context ends", nil, 2 * time.Second, false, 2 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.takes, f.err = 20*time.Second, tt.err
				a := f.account(Options{Account: account, SlowBudget: 5 * time.Second})
				a.Roles(t.Context(), account)
				began := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), tt.wait)
				defer cancel()
				if got := a.Settled(ctx); got != tt.news {
					t.Errorf("news %t", got)
				}
				if took := time.Since(began); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				time.Sleep(time.Minute) // the readings end
			})
		})
	}
}

func TestSettledWaitsOnForWhatWasNotIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = 20 * time.Second
		a := f.account(Options{Account: account, SlowBudget: time.Second})
		a.Roles(t.Context(), account)
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if a.Settled(over) {
			t.Error("news although nothing is in")
		}
		if !a.Settled(t.Context()) {
			t.Error("no news although the roles are in")
		}
		if a.Settled(t.Context()) {
			t.Error("the same news twice")
		}
	})
}

func TestNothingMissedIsNoNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newFake().account(Options{Account: account, SlowBudget: time.Second})
		a.Roles(t.Context(), account)
		if a.Settled(t.Context()) {
			t.Error("news although all was in")
		}
	})
}

// Nobody has to call Settled.
func TestMissedReadingsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = 2 * time.Second
		a := f.account(Options{Account: account, SlowBudget: time.Second})
		for range 20 {
			for range 3 {
				a.Roles(t.Context(), account)
				a.Alias(t.Context(), account)
			}
			time.Sleep(2 * time.Minute)
		}
		if n := len(a.missed); n > 2 {
			t.Errorf("%d readings are kept in mind, want 2 at most", n)
		}
	})
}
