package crawler

// Alias is a host of the site whose name is an alias of other names: who answers there is not told by its name.
type Alias struct {
	Host  string   `json:"host"`
	Chain []string `json:"chain"` // the names that it stands for (CNAME records), the last one having the address
}
