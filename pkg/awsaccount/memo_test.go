package awsaccount

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rolewhy/rolewhy/pkg/policy"
)

// What was answered is not asked for again within its life, whatever it was.
func TestAnswersAreUsedAgain(t *testing.T) {
	for _, tt := range []struct {
		name string
		arn  string
		err  error
		life time.Duration
	}{
		{"found", deploy, nil, time.Minute},
		{"missing", deploy + "er", nil, time.Minute},
		{"refused", deploy, apiError("AccessDenied"), time.Minute},
		{"throttled", deploy, apiError("Throttling"), 5 * time.Second},
		{"late", deploy, context.DeadlineExceeded, 5 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake()
				f.err = tt.err
				a := f.account(Options{Account: account})
				calls := func(want int) {
					t.Helper()
					a.Role(t.Context(), tt.arn)
					if got := len(f.take()); got != want {
						t.Errorf("%d calls, want %d", got, want)
					}
				}
				calls(1)
				calls(0)
				time.Sleep(tt.life - time.Nanosecond)
				calls(0)
				time.Sleep(time.Nanosecond)
				calls(1)
			})
		})
	}
}

func TestAliasLivesLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		a := f.account(Options{Account: account})
		a.Alias(t.Context(), account)
		time.Sleep(59 * time.Minute)
		a.Alias(t.Context(), account)
		if got := len(f.take()); got != 1 {
			t.Errorf("%d calls, want 1", got)
		}
	})
}

func TestEqualQuestionsAreOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = time.Second
		a := f.account(Options{})
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if got := a.Role(t.Context(), deploy); got.Exists != policy.Yes {
					t.Errorf("role %+v", got)
				}
				if got := a.Provider(t.Context(), actions); got.Exists != policy.Yes {
					t.Errorf("provider %+v", got)
				}
			})
		}
		all.Wait()
		if diff := cmp.Diff([]string{"GetCallerIdentity", "GetOpenIDConnectProvider", "GetRole deploy"}, f.take()); diff != "" {
			t.Error(diff)
		}
	})
}

// One who gives up takes nothing from those who wait for the same.
func TestGivingUpIsNobodyElsesTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		f.takes = 2 * time.Second
		a := f.account(Options{Account: account})
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if got, want := a.Role(hasty, deploy).Why, "AWS did not answer in time: needs iam:GetRole on "+deploy; got != want {
			t.Errorf("why %q, want %q", got, want)
		}
		if got := a.Role(t.Context(), deploy); got.Exists != policy.Yes {
			t.Errorf("role %+v", got)
		}
		if got := f.take(); len(got) != 1 {
			t.Errorf("calls %v", got)
		}
	})
}

// Keys come from callers, who may invent as many as they like.
func TestMemoForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemo[int](time.Minute, time.Second)
		for minute := range 50 {
			for i := range 100 {
				<-m.get(fmt.Sprint(minute, i), func(context.Context) seen[int] { return found(i) }).done
			}
			time.Sleep(time.Minute)
		}
		if n := len(m.readings); n > 300 {
			t.Errorf("%d readings are kept of 100 that are alive", n)
		}
	})
}

func TestReadingsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemo[int](time.Minute, 3*time.Second)
		began := time.Now()
		r := m.get("", func(ctx context.Context) seen[int] {
			<-ctx.Done()
			return unseen[int](refused(ctx.Err(), "it"))
		})
		<-r.done
		if got := time.Since(began); got != 3*time.Second {
			t.Errorf("ended after %v", got)
		}
	})
}
