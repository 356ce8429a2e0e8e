package consent

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed managers/*.yaml
var managerFiles embed.FS

// Manager is what is known of one consent manager.
type Manager struct {
	Name   string     `yaml:"name"` // as people know it, "OneTrust"
	Home   string     `yaml:"home"` // its website or repository
	Banner []string   `yaml:"banner"`
	Panel  []string   `yaml:"panel"` // the second layer, where it is no part of the banner
	Global []string   `yaml:"globals"`
	Script []string   `yaml:"scripts"` // parts of the addresses that only it is loaded from
	Accept [][]string `yaml:"accept"`  // ways to accept: selectors to press one after the other
	Reject [][]string `yaml:"reject"`
	Read   []Record   `yaml:"read"`
	Groups string     `yaml:"groups"` // a JavaScript expression: [[cookie, group, about, "vendor" or nothing], ...]
}

// Record is a place where a manager keeps the decision. One of Cookie, Local, Session and API is set; the first three
// are names, in which a star stands for anything. Accept and Reject are regular expressions that the value, unescaped,
// of an answer of that kind matches; of an API they are JavaScript expressions.
type Record struct {
	Cookie   string   `yaml:"cookie"`
	Local    string   `yaml:"local"`
	Session  string   `yaml:"session"`
	API      string   `yaml:"api"`
	Accept   string   `yaml:"accept"`
	Reject   string   `yaml:"reject"`
	Accepted []string `yaml:"accepted"` // examples of values
	Rejected []string `yaml:"rejected"`

	accept, reject *regexp.Regexp
}

// Managers are the consent managers that are known, in the order of their file names.
var Managers = sync.OnceValue(func() []*Manager {
	all, err := readManagers(managerFiles)
	if err != nil {
		panic(err) // the files are embedded and tested
	}
	return all
})

func readManagers(files fs.FS) ([]*Manager, error) {
	names, err := fs.Glob(files, "managers/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []*Manager
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		m, err := readManager(text)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		all = append(all, m)
	}
	return all, nil
}

func readManager(text []byte) (*Manager, error) {
	m := &Manager{}
	if err := yaml.UnmarshalWithOptions(text, m, yaml.Strict()); err != nil {
		return nil, err
	}
	for i := range m.Read {
		if err := m.Read[i].compile(); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (r *Record) compile() (err error) {
	if r.API != "" {
		return nil
	}
	if r.accept, err = regexp.Compile(r.Accept); err != nil {
		return err
	}
	r.reject, err = regexp.Compile(r.Reject)
	return err
}

// Script asks the API of the record; it answers with a Button.
func (r *Record) Script() string {
	return fmt.Sprintf(`JSON.stringify((() => { try { return (%s) ? "reject" : (%s) ? "accept" : "other" } catch { return "other" } })())`,
		cmp.Or(r.Reject, "false"), cmp.Or(r.Accept, "false"))
}

// LoadedFrom reports whether an address is one that only this manager is loaded from.
func (m *Manager) LoadedFrom(address string) bool {
	for _, part := range m.Script {
		if strings.Contains(address, part) {
			return true
		}
	}
	return false
}

// Decision tells what the manager's records say: Accept, Reject or Other, and where. Of several records the first that
// says anything counts.
func (m *Manager) Decision(stored Stored) (what Button, where string) {
	for _, r := range m.Read {
		for _, it := range stored {
			if what = r.says(it); what != Other {
				return what, it.Where()
			}
		}
	}
	return Other, ""
}

// Renamed finds the manager's record under a name that the site has given it, as most managers let it: among the items
// that changed with an answer, one that reads as that answer. It is empty when there is none.
func (m *Manager) Renamed(changed Stored, answer Button) (where string) {
	for _, r := range m.Read {
		for _, it := range changed {
			if r.API == "" && r.means(it.Value) == answer {
				return it.Where()
			}
		}
	}
	return ""
}

func (r *Record) says(it Item) Button {
	name := map[string]string{"cookie": r.Cookie, "local": r.Local, "session": r.Session}[it.Kind]
	if ok, err := path.Match(name, it.Name); name == "" || r.API != "" || err != nil || !ok {
		return Other
	}
	return r.means(it.Value)
}

// means reads a value. Values come escaped once, twice or not at all.
func (r *Record) means(value string) Button {
	for range 3 {
		switch {
		case r.Reject != "" && r.reject.MatchString(value):
			return Reject
		case r.Accept != "" && r.accept.MatchString(value):
			return Accept
		}
		plain, err := url.QueryUnescape(strings.ReplaceAll(value, "+", "%2B"))
		if err != nil || plain == value {
			break
		}
		value = plain
	}
	return Other
}
