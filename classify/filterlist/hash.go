package filterlist

// Keys are 64-bit FNV-1a hashes. Each kind of key has its own start, so that a token "example" and a host "example"
// do not share a bucket. Keys of hosts are even and those of entities odd, so that a set of both can be told apart.
const (
	fnvPrime   = 1099511628211
	seedHost   = 14695981039346656037
	seedToken  = seedHost ^ 0x746f6b656e
	seedPage   = 0x9ae16a3b2f90404f
	seedEntity = 0xc3a5c85c97cb3127
)

// hostKey hashes a host from its end, so that the keys of all its parent domains fall out of one pass.
func hostKey(host string) uint64 {
	h := uint64(seedHost)
	for i := len(host) - 1; i >= 0; i-- {
		h = (h ^ uint64(host[i])) * fnvPrime
	}
	return h &^ 1
}

// tokenKey hashes a token of a pattern or URL.
func tokenKey(token string) uint64 {
	h := uint64(seedToken)
	for i := 0; i < len(token); i++ {
		h = (h ^ uint64(token[i])) * fnvPrime
	}
	return h
}

// entityKey hashes a name without its public suffix, the "example" of "example.*".
func entityKey(name string) uint64 { return hostKey(name) ^ seedEntity | 1 }

// isEntity tells whether key is that of an entity.
func isEntity(key uint64) bool { return key&1 != 0 }

// suffixKeys appends the keys of host and of each of its parent domains, longest last, and returns both.
func suffixKeys(keys []uint64, host string) []uint64 {
	h := uint64(seedHost)
	for i := len(host) - 1; i >= 0; i-- {
		if host[i] == '.' && i < len(host)-1 {
			keys = append(keys, h&^1)
		}
		h = (h ^ uint64(host[i])) * fnvPrime
	}
	if len(host) > 0 {
		keys = append(keys, h&^1)
	}
	return keys
}
