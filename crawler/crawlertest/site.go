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
	serve("/join", `<!doctype html><title>Join</title><form><input type="password" name="p"><input type="password" name="again"></form><input type="password" autocomplete="new-password">`)
	serve("/login", `<!doctype html><title>Log in</title><form><input type="password" name="p"><button>Go</button></form>`)
	mux.HandleFunc("/asks", asks)
	mux.HandleFunc("/answered/{answer}", answered)
	mux.HandleFunc("/views/{number}", views)
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

// asks shows a banner until it was answered, and tells by its title what was answered.
func asks(w http.ResponseWriter, r *http.Request) {
	setCookie(w, "asked")
	if c, err := r.Cookie("consent"); err == nil {
		write(w, http.StatusOK, `<!doctype html><html lang="en"><title>`+html.EscapeString(c.Value)+`</title><p>Welcome to our shop.`)
		return
	}
	write(w, http.StatusOK, `<!doctype html><html lang="en"><title>no answer</title><p>Welcome to our shop.
<div role="dialog" aria-label="Cookies" style="position:fixed;bottom:0;left:0;right:0;background:#fff;padding:20px">
<p>We use cookies for statistics and advertising. Do you agree? You can read more in our privacy policy.</p>
<a role="button" href="/answered/accept">Accept all cookies</a> <a role="button" href="/answered/reject">Reject all cookies</a></div>`)
}

func answered(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "consent", Value: r.PathValue("answer"), Path: "/", MaxAge: 86400, HttpOnly: true})
	http.Redirect(w, r, "/asks", http.StatusFound)
}

// views sets a cookie to whoever comes a second time, and a link to the next view.
func views(w http.ResponseWriter, r *http.Request) {
	name := "first"
	if _, err := r.Cookie("first"); err == nil {
		name = "second"
	}
	setCookie(w, name)
	number, _ := strconv.Atoi(r.PathValue("number")) // zero for what is none
	write(w, http.StatusOK, fmt.Sprintf(`<!doctype html><title>view %d</title><p><a href="/views/%d">Next</a>`, number, number+1))
}
