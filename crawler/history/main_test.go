package history

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if played, code := playRole(); played {
		os.Exit(code)
	}
	code := m.Run()
	if err := stopServer(); err != nil {
		fmt.Fprintln(os.Stderr, "stop postgresql:", err)
		code = 1
	}
	os.Exit(code)
}
