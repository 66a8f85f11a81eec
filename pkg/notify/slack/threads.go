package slack

import "sync"

// mostThreads bounds the alerts that can be followed up. What follows an alert
// comes within a minute of it.
const mostThreads = 100

// thread is an alert that was sent, with what it told.
type thread struct {
	ts   string
	told *story
}

// threads are the latest alerts by their fingerprints. The zero value is
// empty; it may be used by several goroutines.
type threads struct {
	mu    sync.Mutex
	byKey map[string]thread
	order []string
}

func (t *threads) remember(fingerprint string, alert thread) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byKey == nil {
		t.byKey = map[string]thread{}
	}
	if _, known := t.byKey[fingerprint]; !known {
		t.order = append(t.order, fingerprint)
	}
	t.byKey[fingerprint] = alert
	if len(t.order) > mostThreads {
		delete(t.byKey, t.order[0])
		t.order = t.order[1:]
	}
}

func (t *threads) of(fingerprint string) (thread, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	alert, ok := t.byKey[fingerprint]
	return alert, ok
}
