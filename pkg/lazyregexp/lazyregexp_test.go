package lazyregexp_test

import (
	"reflect"
	"regexp"
	"sync"
	"testing"

	"github.com/rolewhy/rolewhy/pkg/lazyregexp"
)

const (
	expression = `([a-z]+)=(\d*)`
	text       = "a=1, bc=23, d="
)

func TestMethodsAnswerAsThoseOfRegexp(t *testing.T) {
	lazy, ready := lazyregexp.New(expression), regexp.MustCompile(expression)
	for _, tt := range []struct {
		name      string
		got, want any
	}{
		{"MatchString", lazy.MatchString(text), ready.MatchString(text)},
		{"MatchString of another", lazy.MatchString("none"), ready.MatchString("none")},
		{"FindString", lazy.FindString(text), ready.FindString(text)},
		{"FindStringSubmatch", lazy.FindStringSubmatch(text), ready.FindStringSubmatch(text)},
		{"FindStringSubmatch of another", lazy.FindStringSubmatch("none"), ready.FindStringSubmatch("none")},
		{"FindAllStringIndex", lazy.FindAllStringIndex(text, -1), ready.FindAllStringIndex(text, -1)},
		{"FindAllStringIndex of two", lazy.FindAllStringIndex(text, 2), ready.FindAllStringIndex(text, 2)},
		{"ReplaceAllString", lazy.ReplaceAllString(text, "$2=$1"), ready.ReplaceAllString(text, "$2=$1")},
	} {
		if !reflect.DeepEqual(tt.got, tt.want) {
			t.Errorf("%s: got %#v, want %#v", tt.name, tt.got, tt.want)
		}
	}
}

func TestFirstUseByManyAtOnce(t *testing.T) {
	lazy := lazyregexp.New(expression)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if got := lazy.FindString(text); got != "a=1" {
				t.Errorf("got %q", got)
			}
		})
	}
	group.Wait()
}

func TestBrokenExpressionPanicsAtUseAlone(t *testing.T) {
	lazy := lazyregexp.New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("a broken expression was used")
		}
	}()
	lazy.MatchString(text)
}

func BenchmarkMatchString(b *testing.B) {
	b.Run("ready", func(b *testing.B) {
		ready := regexp.MustCompile(expression)
		for b.Loop() {
			ready.MatchString(text)
		}
	})
	b.Run("lazy", func(b *testing.B) {
		lazy := lazyregexp.New(expression)
		for b.Loop() {
			lazy.MatchString(text)
		}
	})
}
