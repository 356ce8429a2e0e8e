package history

import (
	"fmt"
	"os"
	"testing"

	"trackscan/crawler/history/historytest"
)

func TestMain(m *testing.M) {
	if played, code := playRole(); played {
		os.Exit(code)
	}
	code := m.Run()
	if err := historytest.StopPostgres(); err != nil {
		fmt.Fprintln(os.Stderr, "stop postgresql:", err)
		code = 1
	}
	os.Exit(code)
}
