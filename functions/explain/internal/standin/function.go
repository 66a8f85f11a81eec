package standin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

// Build makes the bootstrap of the function functions/NAME as its target of
// make does, for this machine. root is the top of the module.
func Build(root, name, bootstrap string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", bootstrap, "./functions/"+name)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build bootstrap of %s: %w\n%s", name, err, out)
	}
	return nil
}

// Function is a running bootstrap with its own Runtime.
type Function struct {
	*Runtime
	cmd     *exec.Cmd
	logs    output
	metrics output
	done    chan struct{}
}

// StartFunction runs a bootstrap with nothing in its environment but env.
// Stop it at the end.
func StartFunction(bootstrap string, env ...string) (*Function, error) {
	f := &Function{Runtime: NewRuntime(), done: make(chan struct{})}
	f.cmd = exec.Command(bootstrap)
	f.cmd.Env = append([]string{"AWS_LAMBDA_RUNTIME_API=" + f.Address()}, env...)
	f.cmd.Stdout, f.cmd.Stderr = &f.metrics, &f.logs
	if err := f.cmd.Start(); err != nil {
		f.Close()
		return nil, err
	}
	go func() {
		_ = f.cmd.Wait() // the state holds what is of interest
		close(f.done)
	}()
	return f, nil
}

// Kill ends the process in the midst of what it does.
func (f *Function) Kill() {
	_ = f.cmd.Process.Kill()
	<-f.done
}

// Stop ends the process and its Runtime.
func (f *Function) Stop() {
	f.Kill()
	f.Close()
}

// ErrEnded says that the process ended instead of giving an answer.
var ErrEnded = errors.New("the function ended")

// Invoke is that of the Runtime for a process that may end.
func (f *Function) Invoke(ctx context.Context, event []byte) (Answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-f.done:
			cancel(ErrEnded)
		case <-ctx.Done():
		}
	}()
	return f.Runtime.Invoke(ctx, event)
}

// CPU is the processor time that the process took, once it has ended.
func (f *Function) CPU() time.Duration {
	<-f.done
	return f.cmd.ProcessState.UserTime() + f.cmd.ProcessState.SystemTime()
}

// Exit waits for the process to end by itself and returns its status.
func (f *Function) Exit(ctx context.Context) (int, error) {
	select {
	case <-f.done:
		return f.cmd.ProcessState.ExitCode(), nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Logs returns what the process wrote to its standard error so far.
func (f *Function) Logs() string { return f.logs.String() }

// Metrics returns what the process wrote to its standard output so far.
func (f *Function) Metrics() string { return f.metrics.String() }

// PID is the id of the process.
func (f *Function) PID() int { return f.cmd.Process.Pid }

type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *output) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *output) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
