package cli_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"guichet/forms/mongo/mongotest"
)

// crowd hands registrations in, again and again until each is acknowledged, whatever happens to the server.
type crowd struct {
	mu           sync.Mutex
	next         int
	pending      []int          // begun and not acknowledged
	acknowledged map[int]string // by number: the reference
}

func (c *crowd) take() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.pending); n > 0 {
		number := c.pending[n-1]
		c.pending = c.pending[:n-1]
		return number
	}
	c.next++
	return c.next
}

func (c *crowd) done(number int, reference string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if reference == "" {
		c.pending = append(c.pending, number)
		return
	}
	c.acknowledged[number] = reference
}

func email(number int) string { return fmt.Sprintf("participant%d@exemple.fr", number) }

var client = http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

// submit hands one registration in and gives its reference, "" where it was not acknowledged. Half of them take places.
func submit(address string, number int) string {
	workshops := ""
	if number%2 == 0 {
		workshops = `,"atelier":"geo"`
	}
	body := fmt.Sprintf(`{"answers":{"email":%q%s}}`, email(number), workshops)
	request, err := http.NewRequest("POST", address+"/api/v1/forms/survival/submissions", strings.NewReader(body))
	if err != nil {
		return ""
	}
	request.Header.Set("Idempotency-Key", fmt.Sprint(number))
	response, err := client.Do(request)
	if err != nil {
		return ""
	}
	defer response.Body.Close()
	var created struct{ Reference string }
	if response.StatusCode != 201 || json.NewDecoder(response.Body).Decode(&created) != nil {
		return ""
	}
	return created.Reference
}

// round lets sixteen clients submit until stop is closed.
func (c *crowd) round(address func() string, stop <-chan struct{}) {
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				number := c.take()
				reference := submit(address(), number)
				c.done(number, reference)
				if reference == "" {
					select { // the server is gone: wait for the end of the round, or try again soon
					case <-stop:
						return
					case <-time.After(5 * time.Millisecond):
					}
				}
			}
		})
	}
	wait.Wait()
}

const survival = `{"slug":"survival","schema":{"required":["email"],"properties":{"email":{"type":"string","format":"email"},"atelier":{"type":"string","enum":["geo"]}}},"registration":{"choices":{"/atelier":{"geo":1000000}}}}`

func prepare(t *testing.T, folder, store string) {
	t.Helper()
	write(t, filepath.Join(folder, "survival.json"), survival)
	for _, args := range [][]string{{"form", "publish", "survival.json"}, {"form", "open", "survival"}} {
		if got := guichet(t, folder, append(args, "--store", store)...); got.code != 0 {
			t.Fatal(got.stderr)
		}
	}
}

// settle hands in what is pending, then compares what is kept with what was acknowledged.
func (c *crowd) settle(t *testing.T, folder, store, address string) {
	t.Helper()
	for len(c.pending) > 0 {
		number := c.take()
		reference := submit(address, number)
		if reference == "" {
			t.Fatalf("registration %d is refused by a server that runs", number)
		}
		c.done(number, reference)
	}
	got := guichet(t, folder, "export", "survival", "--store", store, "--list", "participants", "--format", "json", "--output", "-")
	var rows []map[string]any
	if err := json.Unmarshal([]byte(got.stdout), &rows); err != nil {
		t.Fatalf("%v: %s", err, got.stderr)
	}
	kept := map[string][]string{}
	for _, row := range rows {
		address := row["/email"].(string)
		kept[address] = append(kept[address], row["reference"].(string))
	}
	for number, reference := range c.acknowledged {
		if found := kept[email(number)]; len(found) != 1 || found[0] != reference {
			t.Errorf("registration %d was acknowledged as %s and is kept as %v", number, reference, found)
		}
	}
	if len(rows) != len(c.acknowledged) {
		t.Errorf("%d are kept, %d were acknowledged", len(rows), len(c.acknowledged))
	}
	taken := 0
	for number := range c.acknowledged {
		if number%2 == 0 {
			taken++
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for left := -1; left != 1_000_000-taken; left = placesLeft(t, address) { // views may be a second old
		if time.Now().After(deadline) {
			t.Fatalf("%d places are taken, %d were acknowledged", 1_000_000-left, taken)
		}
	}
	t.Logf("%d acknowledged and kept", len(rows))
}

func placesLeft(t *testing.T, address string) int {
	t.Helper()
	response, err := client.Get(address + "/api/v1/forms/survival")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var form struct {
		Places struct{ Choices map[string]map[string]int }
	}
	if err := json.NewDecoder(response.Body).Decode(&form); err != nil {
		t.Fatal(err)
	}
	return form.Places.Choices["/atelier"]["geo"]
}

// killServer runs rounds in which the server is killed at a random moment.
func killServer(t *testing.T, folder, store string, rounds int, within time.Duration) {
	c := &crowd{acknowledged: map[int]string{}}
	for range rounds {
		server, err := launch(folder, "serve", "--store", store, "--listen", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		stop := make(chan struct{})
		go func() {
			<-time.After(10*time.Millisecond + rand.N(within))
			server.kill()
			close(stop)
		}()
		c.round(func() string { return server.address }, stop)
	}
	c.settle(t, folder, store, start(t, folder, "serve", "--store", store).address)
}

func TestSQLiteSurvivesKills(t *testing.T) {
	folder := t.TempDir()
	store := "sqlite:" + filepath.Join(folder, "guichet.db")
	prepare(t, folder, store)
	killServer(t, folder, store, 50, 120*time.Millisecond)
}

func TestMongoSurvivesKillsOfTheServer(t *testing.T) {
	folder := t.TempDir()
	store := mongotest.Start(t).URI("guichet")
	prepare(t, folder, store)
	killServer(t, folder, store, 10, 2*time.Second)
}

func TestMongoSurvivesKillsOfMongod(t *testing.T) {
	folder := t.TempDir()
	mongod := mongotest.Start(t)
	store := mongod.URI("guichet")
	prepare(t, folder, store)
	server := start(t, folder, "serve", "--store", store)
	c := &crowd{acknowledged: map[int]string{}}
	for range 10 {
		stop := make(chan struct{})
		go func() {
			defer close(stop)
			<-time.After(50*time.Millisecond + rand.N(200*time.Millisecond))
			mongod.Kill()
			if err := mongod.Restart(); err != nil {
				t.Error(err)
			}
		}()
		c.round(func() string { return server.address }, stop)
	}
	wantStatus(t, server.address+"/readyz", 200)
	c.settle(t, folder, store, server.address)
}

// TestMongoOutage takes the database away: a clear page, and back by itself.
func TestMongoOutage(t *testing.T) {
	folder := t.TempDir()
	mongod := mongotest.Start(t)
	store := mongod.URI("guichet")
	prepare(t, folder, store)
	server := start(t, folder, "serve", "--store", store)
	wantStatus(t, server.address+"/f/survival", 200)
	mongod.Kill()
	wantStatus(t, server.address+"/f/survival", 503)
	wantStatus(t, server.address+"/readyz", 503)
	wantStatus(t, server.address+"/healthz", 200)
	if err := mongod.Restart(); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, server.address+"/f/survival", 200)
}
