package browser_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ticks is the unit of /proc/PID/stat, 100 a second on every Linux that Go runs on.
const ticks = 10 * time.Millisecond

// cpuTime is the processor time of this process and of the processes below it that are still there, with their ended
// children.
func cpuTime() time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0
	}
	total := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return total
	}
	parent, used := map[int]int{}, map[int]time.Duration{}
	for _, path := range stats {
		if text, err := os.ReadFile(path); err == nil {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			parent[pid], used[pid] = readStat(text)
		}
	}
	for pid := range used {
		for up := parent[pid]; up > 1; up = parent[up] {
			if up == os.Getpid() {
				total += used[pid]
				break
			}
		}
	}
	return total
}

// readStat returns the parent of a process and the time that it and its ended children have used.
func readStat(text []byte) (parent int, used time.Duration) {
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 15 {
		return 0, 0
	}
	parent, _ = strconv.Atoi(fields[1])
	for _, f := range fields[11:15] {
		n, _ := strconv.Atoi(f)
		used += time.Duration(n) * ticks
	}
	return parent, used
}
