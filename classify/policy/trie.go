package policy

// trie holds the beginnings of words, byte by byte: what a word begins with is found in one walk along it. Its first
// node is nowhere, where every walk ends that leaves it; its second is the root.
type trie []trieNode

// trieNode is a place in a trie: the byte that leads to it and the nodes that follow it.
type trieNode struct {
	letter  byte
	symbol  int32 // of what ends here, zero when nothing does
	child   int32 // the first that follows
	sibling int32 // the next that follows the same node
}

const (
	trieNowhere int32 = iota
	trieRoot
)

func newTrie() trie { return make(trie, trieRoot+1) }

// next is the node to which a byte leads from another.
func (t trie) next(from int32, letter byte) int32 {
	at := t[from].child
	for at != trieNowhere && t[at].letter != letter {
		at = t[at].sibling
	}
	return at
}

// at is the symbol of a beginning, which is added when it is not there. It holds until the next call.
func (t *trie) at(s string) *int32 {
	at := trieRoot
	for i := range len(s) {
		next := t.next(at, s[i])
		if next == trieNowhere {
			next = int32(len(*t))
			*t = append(*t, trieNode{letter: s[i], sibling: (*t)[at].child})
			(*t)[at].child = next
		}
		at = next
	}
	return &(*t)[at].symbol
}

func backwards(s string) string {
	out := make([]byte, 0, len(s))
	for i := len(s) - 1; i >= 0; i-- {
		out = append(out, s[i])
	}
	return string(out)
}
