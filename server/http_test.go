package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/forms"
	"guichet/schemas"
)

// reply is what a server answered.
type reply struct {
	*http.Response
	body string
}

// send makes a request without following redirects. headers are name, value, name, value.
func send(t *testing.T, method, address, body string, headers ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response, string(text)}
}

func get(t *testing.T, address string, headers ...string) reply {
	t.Helper()
	return send(t, http.MethodGet, address, "", headers...)
}

// post sends a web form.
func post(t *testing.T, address string, values url.Values) reply {
	t.Helper()
	return send(t, http.MethodPost, address, values.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// filledIn gives what the page of the BlueHats form posts.
func (s *site) filledIn() url.Values {
	return url.Values{
		"_token": {s.service.PageToken(s.slug, 1)}, "/prenom": {"Camille"}, "/nom": {"Exemple"}, "/email": {"camille@exemple.fr"}, "/profil": {"agent"}, "/presence": {"journee"}, "/presenter": {"false"},
		"_shown": {`["/prenom","/nom","/email","/profil","/organisation","/technique","/accessibilite","/presence","/tables","/ateliers","/presenter","/photos","/gazette"]`},
	}
}

func (s *site) kept(t *testing.T) []forms.Submission {
	t.Helper()
	var kept []forms.Submission
	for submission, err := range s.service.Submissions(t.Context(), forms.Query{Form: s.slug}) {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, submission)
	}
	return kept
}

func (s *site) api(path string) string { return s.address + "/api/v1/forms" + path }

func TestEveryPageIsSealed(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	for _, path := range []string{"/", "/f/" + site.slug, "/f/" + site.slug + "/confidentialite", "/f/none", "/accessibilite", "/mentions-legales", "/nowhere", "/healthz", "/readyz", "/api/v1/forms", "/api/v1/nowhere", "/x/none", "/f/" + site.slug + "/event.ics"} {
		r := get(t, site.address+path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
			"X-Content-Type-Options":  "nosniff", "Cache-Control": "no-store", "Set-Cookie": "", "Server": "", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s = %q, want %q", path, name, got, want)
			}
		}
		for _, inline := range []string{"<style", "<script", "style=", "onclick", "javascript:"} {
			if strings.Contains(r.body, inline) {
				t.Errorf("%s holds %s, which the policy forbids", path, inline)
			}
		}
	}
}

func TestAddressesAndMethodsThatAreNotThere(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	for _, test := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/nowhere", 404, "Page introuvable"}, {"GET", "/nowhere?lang=en", 404, "Page not found"}, {"GET", "/f/none", 404, "none"}, {"GET", "/f/" + site.slug + "/r/none", 404, "Cette adresse"},
		{"DELETE", "/f/" + site.slug, 405, "Cette adresse ne permet pas"}, {"POST", "/", 405, "ne permet pas"}, {"GET", "/api/v1/nowhere", 404, `"status":404`}, {"DELETE", "/api/v1/forms/" + site.slug, 405, `"status":405`},
		{"GET", "/static/none.css", 404, ""}, {"GET", "/f/" + site.slug + "/../../etc/passwd", 404, ""},
	} {
		r := send(t, test.method, site.address+test.path, "")
		if r.StatusCode != test.status || !strings.Contains(r.body, test.says) {
			t.Errorf("%s %s = %d, want %d saying %q", test.method, test.path, r.StatusCode, test.status, test.says)
		}
		if test.status == 405 && r.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", test.method, test.path)
		}
	}
}

// TestLinksStayHere asks for addresses that a page would make a link to another host of.
func TestLinksStayHere(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	for _, path := range []string{"//evil.example.org/x", "/%5Cevil.example.org", "/%2Fevil.example.org"} {
		r := get(t, site.address+path)
		if strings.Contains(r.body, `href="//evil`) || strings.Contains(r.body, `href="/\evil`) {
			t.Errorf("%s = %d, with a link that leaves: %s", path, r.StatusCode, r.body)
		}
	}
}

func TestTheHostHeaderIsNeverUsed(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	body := `{"answers":` + whole + `}`
	for _, r := range []reply{
		get(t, site.form(), "Host", "evil.example.org", "X-Forwarded-Host", "evil.example.org"),
		get(t, site.form()+"/event.ics", "Host", "evil.example.org"),
		get(t, site.api("/"+site.slug), "Host", "evil.example.org"),
		send(t, "POST", site.api("/"+site.slug+"/submissions"), body, "Host", "evil.example.org"),
	} {
		if strings.Contains(r.body, "evil") || strings.Contains(r.Header.Get("Location"), "evil") || r.StatusCode >= 400 {
			t.Errorf("%s = %d, and uses the Host header: %s %s", r.Request.URL, r.StatusCode, r.Header.Get("Location"), r.body)
		}
	}
}

const whole = `{"prenom":"Camille","nom":"Exemple","email":"camille@exemple.fr","profil":"agent","presence":"journee","presenter":false}`

// TestBodiesMadeToHurt sends what other products stored or choked on, to both stores.
func TestBodiesMadeToHurt(t *testing.T) {
	for name, open := range map[string]func(*testing.T) forms.Store{"sqlite": openSQLite, "mongo": openMongo} {
		t.Run(name, func(t *testing.T) {
			site := startSite(t, open(t), time.Now)
			submit := site.api("/" + site.slug + "/submissions")
			for body, status := range map[string]int{
				`{"answers":{"email":{"$ne":1}}}`:                                      422,
				strings.Replace(`{"answers":`+whole+`}`, `"Camille"`, `{"$gt":""}`, 1): 422,
				`{"answers":[]}`: 422, `{"answers":` + whole + `} {}`: 422, `{"answers":` + whole + `,"answers":{}}`: 422, ``: 422, `null`: 422,
				"{\"answers\":{\"nom\":\"\xff\"}}": 422, `{"answers":{"nom":"a\u0000b"}}`: 422,
				`{"answers":{"n":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}}`: 422,
				`{"answers":{"nom":"` + strings.Repeat("x", 2<<20) + `"}}`:                      413,
			} {
				r := send(t, "POST", submit, body, "Content-Type", "application/json")
				if r.StatusCode != status || r.Header.Get("Content-Type") != "application/problem+json" || !json.Valid([]byte(r.body)) {
					t.Errorf("%.60s = %d %s %.200s, want %d", body, r.StatusCode, r.Header.Get("Content-Type"), r.body, status)
				}
			}
			odd := strings.Replace(whole, "{", `{"$where":"1","a.b":1,"__proto__":2,`, 1)
			r := send(t, "POST", submit, `{"answers":`+odd+`}`)
			if r.StatusCode != 201 || !strings.Contains(r.body, `"ignored":["/$where","/__proto__","/a.b"]`) {
				t.Errorf("odd names = %d %s", r.StatusCode, r.body)
			}
			values := site.filledIn()
			values.Set("/email[$ne]", "x")
			values.Set("/$where", "1")
			if r := post(t, site.form(), values); r.StatusCode != 303 {
				t.Errorf("operators in names = %d", r.StatusCode)
			}
			many := site.filledIn()
			for range 6000 {
				many.Add("/ateliers", "geo")
			}
			if r := post(t, site.form(), many); r.StatusCode != 422 {
				t.Errorf("6,000 values = %d", r.StatusCode)
			}
			if r := post(t, site.form(), url.Values{"_remove": {"/0"}, "/": {"x"}, "//": {"y"}, "/presentations/0": {"z"}}); r.StatusCode != 200 {
				t.Errorf("forged names = %d", r.StatusCode)
			}
			for _, submission := range site.kept(t) {
				if strings.ContainsAny(string(submission.Answers), "$.") && !strings.Contains(string(submission.Answers), "exemple.fr") {
					t.Errorf("kept: %s", submission.Answers)
				}
			}
			if kept := site.kept(t); len(kept) != 2 {
				t.Errorf("%d submissions kept, want 2", len(kept))
			}
		})
	}
}

func TestAPageSentTwiceIsOneSubmission(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	values := site.filledIn()
	first, second := post(t, site.form(), values), post(t, site.form(), values)
	if first.StatusCode != 303 || first.Header.Get("Location") != second.Header.Get("Location") || len(site.kept(t)) != 1 {
		t.Errorf("first %d %s, second %d %s, kept %d", first.StatusCode, first.Header.Get("Location"), second.StatusCode, second.Header.Get("Location"), len(site.kept(t)))
	}
	receipt := get(t, site.address+first.Header.Get("Location"))
	if receipt.StatusCode != 200 || receipt.Header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(receipt.body, "noindex") {
		t.Errorf("receipt = %d, Referrer-Policy %q", receipt.StatusCode, receipt.Header.Get("Referrer-Policy"))
	}
}

// TestAnswersAreNeverLost sends pages that cannot be taken: the answers come back with them.
func TestAnswersAreNeverLost(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	old := site.filledIn()
	old.Set("_token", "forged")
	r := post(t, site.form(), old)
	if r.StatusCode != 200 || !strings.Contains(r.body, `value="camille@exemple.fr"`) || !strings.Contains(r.body, "ouverte depuis longtemps") {
		t.Errorf("an old page = %d", r.StatusCode)
	}
	hidden := site.filledIn()
	hidden.Set("/presentations/0/titre", "Un titre qui n’est plus demandé")
	hidden.Set("/email", "wrong")
	if r := post(t, site.form(), hidden); r.StatusCode != 422 || !strings.Contains(r.body, `<input type="hidden" name="/presentations/0/titre" value="Un titre qui n’est plus demandé">`) {
		t.Errorf("an answer of an inactive branch does not ride along: %d", r.StatusCode)
	}
	if _, err := site.service.SetState(t.Context(), site.slug, forms.Closed); err != nil {
		t.Fatal(err)
	}
	if r := post(t, site.form(), site.filledIn()); r.StatusCode != 403 || !strings.Contains(r.body, `value="camille@exemple.fr"`) || !strings.Contains(r.body, "Les inscriptions sont closes") {
		t.Errorf("a closed form = %d", r.StatusCode)
	}
	if r := get(t, site.form()); r.StatusCode != 200 || !strings.Contains(r.body, "Les inscriptions sont closes") {
		t.Errorf("the page of a closed form = %d", r.StatusCode)
	}
}

// TestUnkeepableTextsAreNamed sends what other products cut or lose without a word.
func TestUnkeepableTextsAreNamed(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	for text, says := range map[string]string{"a\xffb": "Nom\u00a0: Ce texte contient des caractères illisibles", "a\x00b": "Nom\u00a0: Ce texte contient un caractère invisible"} {
		values := site.filledIn()
		values.Set("/nom", text)
		if r := post(t, site.form(), values); r.StatusCode != 422 || !strings.Contains(r.body, says) {
			t.Errorf("%q = %d, want 422 saying %q", text, r.StatusCode, says)
		}
	}
	if kept := site.kept(t); len(kept) > 0 {
		t.Errorf("kept: %s", kept[0].Answers)
	}
}

func TestFullChoicesAreNamedAndShown(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	site.publish(t, "small", `{"schema":{"properties":{"nom":{"type":"string"},"atelier":{"type":"string","oneOf":[{"const":"geo","title":"Coin géo"},{"const":"ops","title":"Coin ops"}]}}},"registration":{"choices":{"/atelier":{"geo":1}}}}`)
	values := func(name string) url.Values {
		return url.Values{"_token": {site.service.PageToken("small", 1)}, "_shown": {`["/nom","/atelier"]`}, "/nom": {name}, "/atelier": {"geo"}}
	}
	if r := post(t, site.address+"/f/small", values("a")); r.StatusCode != 303 {
		t.Fatalf("the last place = %d", r.StatusCode)
	}
	r := post(t, site.address+"/f/small", values("b"))
	if r.StatusCode != 409 || !strings.Contains(r.body, "«\u00a0Coin géo\u00a0» n’a plus de place") || !strings.Contains(r.body, `value="b"`) {
		t.Errorf("no place = %d %s", r.StatusCode, r.body)
	}
}

func TestLanguages(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	for _, test := range []struct{ query, accept, want string }{
		{"", "", "fr"}, {"", "en-GB,en;q=0.9", "en"}, {"", "de,en;q=0.5", "en"}, {"", "de", "fr"}, {"?lang=en", "fr", "en"}, {"?lang=xx", "en", "en"}, {"?lang=%22%3E", "", "fr"},
	} {
		r := get(t, site.form()+test.query, "Accept-Language", test.accept)
		if !strings.Contains(r.body, `<html lang="`+test.want+`">`) {
			t.Errorf("%q with Accept-Language %q is not in %s", test.query, test.accept, test.want)
		}
	}
}

func TestCalendarFile(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	site.publish(t, "evil", `{"schema":{"properties":{"a":{}}},"event":{"name":"A\r\nATTENDEE:mailto:x@example.org","summary":"b\rc","starts":"2019-12-11T09:00:00+01:00","ends":"2019-12-11T18:00:00+01:00","place":"P\rEND:VEVENT"}}`)
	r := get(t, site.form()+"/event.ics")
	for _, want := range []string{"BEGIN:VCALENDAR\r\n", "DTSTART:20191211T080000Z\r\n", "DTEND:20191211T170000Z\r\n", "UID:bluehats-poss-2019@127.0.0.1\r\n", "SEQUENCE:0\r\n", "DTSTAMP:"} {
		if !strings.Contains(r.body, want) {
			t.Errorf("no %q in\n%s", want, r.body)
		}
	}
	if strings.Contains(strings.ReplaceAll(r.body, "\r\n", ""), "\n") || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/calendar") {
		t.Errorf("lines do not end in CRLF, or the type is %s", r.Header.Get("Content-Type"))
	}
	evil := get(t, site.address+"/f/evil/event.ics").body
	for line := range strings.SplitSeq(evil, "\r\n") {
		if strings.HasPrefix(line, "ATTENDEE") || strings.ContainsAny(line, "\r\n") {
			t.Errorf("a line was injected: %q", line)
		}
	}
	if strings.Count(evil, "\r\nEND:VEVENT\r\n") != 1 {
		t.Errorf("an end was injected:\n%s", evil)
	}
}

func TestAPIReadsForms(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	var form struct {
		Slug, Title, State, Address string
		Places                      struct {
			Form    int
			Choices map[string]map[string]int
		}
		Schema, UISchema json.RawMessage
	}
	r := get(t, site.api("/"+site.slug+"?lang=en"))
	if err := json.Unmarshal([]byte(r.body), &form); err != nil {
		t.Fatal(err)
	}
	if form.State != "open" || form.Places.Form != 200 || form.Places.Choices["/ateliers"]["geo"] == 0 || form.Address != site.form() || !strings.Contains(form.Title, "BlueHats day") {
		t.Errorf("form = %+v", form)
	}
	if strings.Index(string(form.Schema), `"prenom"`) > strings.Index(string(form.Schema), `"email"`) {
		t.Error("the schema's properties lost their order")
	}
	if r := get(t, site.api("")); !strings.Contains(r.body, site.slug) {
		t.Errorf("forms = %s", r.body)
	}
}

func TestAPISubmits(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	submit := site.api("/" + site.slug + "/submissions")
	first := send(t, "POST", submit, `{"answers":`+whole+`}`, "Idempotency-Key", "k1")
	again := send(t, "POST", submit, `{"answers":`+whole+`}`, "Idempotency-Key", "k1")
	if first.StatusCode != 201 || again.body != first.body || len(site.kept(t)) != 1 {
		t.Errorf("first %d %s, again %d %s", first.StatusCode, first.body, again.StatusCode, again.body)
	}
	var created struct{ Reference, Status, Receipt string }
	if err := json.Unmarshal([]byte(first.body), &created); err != nil || created.Status != "confirmed" || !strings.HasPrefix(created.Receipt, site.form()+"/r/") || created.Receipt != first.Header.Get("Location") {
		t.Errorf("created = %+v, error %v", created, err)
	}
	if r := get(t, created.Receipt); r.StatusCode != 200 || !strings.Contains(r.body, created.Reference) {
		t.Errorf("the receipt = %d", r.StatusCode)
	}
	other := send(t, "POST", submit, `{"answers":`+strings.Replace(whole, "Camille", "Sacha", 1)+`}`, "Idempotency-Key", "k1", "Accept-Language", "en")
	if other.StatusCode != 422 || !strings.Contains(other.body, `"code":"key"`) {
		t.Errorf("the same key for others = %d %s", other.StatusCode, other.body)
	}
	wrong := send(t, "POST", submit, `{"answers":{"email":"x"}}`, "Accept-Language", "en")
	if wrong.StatusCode != 422 || !strings.Contains(wrong.body, `{"pointer":"/email","code":"format","message":"The “@” is missing: for example name@example.org."}`) {
		t.Errorf("wrong answers = %d %s", wrong.StatusCode, wrong.body)
	}
}

func TestAPIReadsSubmissionsAndLists(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	for range 5 {
		if _, err := site.service.Submit(t.Context(), forms.Entry{Form: site.slug, Language: "fr", Answers: answers()}); err != nil {
			t.Fatal(err)
		}
	}
	secret, err := site.service.CreateToken(t.Context(), forms.Token{Form: site.slug, Scope: forms.Read})
	if err != nil {
		t.Fatal(err)
	}
	bearer := []string{"Authorization", "Bearer " + secret}
	address := site.api("/" + site.slug + "/submissions")
	if r := get(t, address); r.StatusCode != 401 || r.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("without a token = %d", r.StatusCode)
	}
	if r := get(t, address, "Authorization", "Bearer made-up"); r.StatusCode != 403 {
		t.Errorf("with a made-up token = %d", r.StatusCode)
	}
	var seen []string
	next := ""
	for range 3 {
		var page struct {
			Submissions []struct{ Reference string }
			Next        string
		}
		if err := json.Unmarshal([]byte(get(t, address+"?limit=2&after="+next, bearer...).body), &page); err != nil {
			t.Fatal(err)
		}
		for _, one := range page.Submissions {
			seen = append(seen, one.Reference)
		}
		next = page.Next
	}
	if len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 5 || next != "" {
		t.Errorf("pages gave %v, then next %q", seen, next)
	}
	lines := get(t, address, append(bearer, "Accept", "application/x-ndjson")...)
	if n := strings.Count(lines.body, "\n"); n != 5 || !json.Valid([]byte(strings.SplitN(lines.body, "\n", 2)[0])) {
		t.Errorf("%d lines of JSON: %s", n, lines.body)
	}
	for _, query := range []string{"?limit=0", "?limit=x", "?status=nope", "?after=!!"} {
		if r := get(t, address+query, bearer...); r.StatusCode != 422 {
			t.Errorf("%s = %d, want 422", query, r.StatusCode)
		}
	}
	lists := site.api("/" + site.slug + "/lists")
	if r := get(t, lists, bearer...); !strings.Contains(r.body, `"id":"atelier:geo"`) {
		t.Errorf("lists = %s", r.body)
	}
	for path, want := range map[string][2]string{
		"/participants.csv": {"text/csv; charset=utf-8", "Camille"}, "/presentations.json": {"application/json", "Un outil libre en service"}, "/atelier:geo.xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"},
	} {
		r := get(t, lists+path, bearer...)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != want[0] || !strings.Contains(r.body, want[1]) || r.ContentLength != int64(len(r.body)) || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s = %d %s, %d bytes of %d", path, r.StatusCode, r.Header.Get("Content-Type"), len(r.body), r.ContentLength)
		}
	}
	for path, status := range map[string]int{"/nope.csv": 404, "/participants.pdf": 404, "/participants": 404} {
		if r := get(t, lists+path, bearer...); r.StatusCode != status {
			t.Errorf("%s = %d, want %d", path, r.StatusCode, status)
		}
	}
	if r := get(t, site.api("/"+site.slug+"/workbook.xlsx"), bearer...); r.StatusCode != 200 || !strings.HasPrefix(r.body, "PK") {
		t.Errorf("workbook = %d", r.StatusCode)
	}
}

func TestAPIPublishes(t *testing.T) {
	site := startSite(t, openSQLite(t), time.Now)
	admin, err := site.service.CreateToken(t.Context(), forms.Token{Form: site.slug, Scope: forms.Admin})
	if err != nil {
		t.Fatal(err)
	}
	bearer := []string{"Authorization", "Bearer " + admin}
	starter, _ := schemas.Starter("bluehats-poss-2019.json")
	address := site.api("/" + site.slug)
	if r := send(t, "PUT", address, string(starter)+" ", bearer...); r.StatusCode != 200 || !strings.Contains(r.body, `"version":2`) {
		t.Errorf("a new version = %d %s", r.StatusCode, r.body)
	}
	if r := send(t, "PUT", address, `{"schema":{"type":7}}`, bearer...); r.StatusCode != 422 || !strings.Contains(r.body, `"pointer":"/schema/type"`) {
		t.Errorf("a bad definition = %d %s", r.StatusCode, r.body)
	}
	if r := get(t, address+"/versions/1", bearer...); r.body != string(starter) {
		t.Error("version 1 is not what was published, byte for byte")
	}
	if r := get(t, address+"/versions", bearer...); strings.Count(r.body, "sha256") != 2 {
		t.Errorf("versions = %s", r.body)
	}
	if r := send(t, "POST", address+"/state", `{"state":"closed"}`, bearer...); r.StatusCode != 200 {
		t.Errorf("closing = %d %s", r.StatusCode, r.body)
	}
	if r := send(t, "POST", address+"/submissions", `{"answers":`+whole+`}`); r.StatusCode != 403 || !strings.Contains(r.body, `"code":"closed"`) {
		t.Errorf("a submission to a closed form = %d %s", r.StatusCode, r.body)
	}
	if r := send(t, "POST", address+"/state", `{"state":"draft"}`, bearer...); r.StatusCode != 422 {
		t.Errorf("a state that cannot be set = %d", r.StatusCode)
	}
}
