package crawlertest

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
)

// newSite returns the site that TestRenderer visits.
func newSite() http.Handler {
	mux := http.NewServeMux()
	serve := func(path, page string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, page) })
	}
	serve("/links", linksPage)
	serve("/policy", `<!doctype html><title>Policy</title><p>We use cookies for statistics.</p>`)
	serve("/blank", `<!doctype html><html><head><title>Nothing</title></head><body> <script>1</script> </body></html>`)
	serve("/login", `<!doctype html><title>Log in</title><form><input type="password" name="p"><button>Go</button></form>`)
	mux.HandleFunc("/hop", hop)
	mux.HandleFunc("/home", home)
	mux.HandleFunc("/status/{code}", status)
	mux.HandleFunc("/visitor/{number}", visitor)
	mux.HandleFunc("/hang-up", hangUp)
	return mux
}

func write(w http.ResponseWriter, status int, page string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprint(w, page)
}

const linksPage = `<!doctype html>
<html lang="en"><head><title>Links &amp; more</title><base href="/sub/"></head>
<body>
<a href="z">Last
	letter   first</a>
<a href="a?b=1&amp;c=2">A <b>nested</b> text</a>
<a href="https://elsewhere.test/privacy">Privacy policy</a>
<a href="mailto:somebody@elsewhere.test">Mail</a>
<a href="javascript:void(0)">Script</a>
<a>No address</a>
<map name="m"><area shape="rect" coords="0,0,9,9" href="area" alt="An area"></map>
</body></html>`

func setCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: "secret-" + name, Path: "/", MaxAge: 10 * 86400})
}

func hop(w http.ResponseWriter, r *http.Request) {
	setCookie(w, "hop")
	http.Redirect(w, r, "/home", http.StatusFound)
}

func home(w http.ResponseWriter, _ *http.Request) {
	setCookie(w, "home")
	write(w, http.StatusOK, `<!doctype html><title>Home</title><p>Welcome.</p>`)
}

func status(w http.ResponseWriter, r *http.Request) {
	code, err := strconv.Atoi(r.PathValue("code"))
	if err != nil {
		code = http.StatusBadRequest
	}
	write(w, code, fmt.Sprintf(`<!doctype html><title>Status %d</title><p>Sorry.</p>`, code))
}

func visitor(w http.ResponseWriter, r *http.Request) {
	brings := "nothing"
	if cookies := r.Header.Get("Cookie"); cookies != "" {
		brings = cookies
	}
	number := r.PathValue("number")
	http.SetCookie(w, &http.Cookie{Name: "visitor" + number, Value: "v", Path: "/", MaxAge: 3600})
	write(w, http.StatusOK, fmt.Sprintf(`<!doctype html><title>visitor %s brings %s</title><p>Hello.</p>`,
		html.EscapeString(number), html.EscapeString(brings)))
}

// hangUp closes the connection in place of an answer.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = conn.Close() // the visitor notices
	}
}
