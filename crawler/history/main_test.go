package history

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if played, code := playRole(); played {
		os.Exit(code)
	}
	os.Exit(m.Run())
}
