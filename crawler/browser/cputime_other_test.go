//go:build !linux

package browser_test

import "time"

// cpuTime is only known on Linux; elsewhere the ratio of processor times is not reported as anything useful.
func cpuTime() time.Duration { return 0 }
