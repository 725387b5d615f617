// Package mongotest runs a real mongod for tests: a replica set of one node, in a temporary folder, gone with the test.
package mongotest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Server is a mongod.
type Server struct {
	binary, folder string
	port           int
	process        *exec.Cmd
	ended          chan struct{}
	replicaSet     bool
}

// Start starts a mongod and waits until it takes writes. It stops with the test, and with the process however that ends. The test is
// skipped where there is no mongod, and fails there if GUICHET_REQUIRE names mongo.
func Start(t testing.TB) *Server { return start(t, true) }

// StartStandalone starts a mongod that is no replica set.
func StartStandalone(t testing.TB) *Server { return start(t, false) }

func start(t testing.TB, replicaSet bool) *Server {
	t.Helper()
	binary := find()
	if binary == "" {
		why := "no mongod: put one on PATH, name it in GUICHET_MONGOD, or run .ci/mongod"
		if slices.Contains(strings.Split(os.Getenv("GUICHET_REQUIRE"), ","), "mongo") {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	// Not t.TempDir: its names can be longer than what a Unix socket's path may be.
	folder, err := os.MkdirTemp("", "guichet-mongod-")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{binary: binary, folder: folder, port: freePort(t), replicaSet: replicaSet}
	t.Cleanup(func() {
		s.Kill()
		_ = os.RemoveAll(folder)
	})
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	return s
}

// find gives a mongod: the one that GUICHET_MONGOD names, that is on PATH, or that .ci/mongod fetched.
func find() string {
	if named := os.Getenv("GUICHET_MONGOD"); named != "" {
		return named
	}
	if found, err := exec.LookPath("mongod"); err == nil {
		return found
	}
	_, here, _, _ := runtime.Caller(0)
	fetched := filepath.Join(filepath.Dir(here), "..", "..", "..", ".cache", "mongod")
	if _, err := os.Stat(fetched); err == nil {
		return fetched
	}
	return ""
}

func freePort(t testing.TB) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// URI gives the address of a database on the server.
func (s *Server) URI(database string) string {
	uri := fmt.Sprintf("mongodb://127.0.0.1:%d/%s", s.port, database)
	if s.replicaSet {
		uri += "?replicaSet=rs0"
	}
	return uri
}

// Restart starts the server on the port and data it had, and waits until it takes writes.
func (s *Server) Restart() error {
	args := []string{"--port", fmt.Sprint(s.port), "--bind_ip", "127.0.0.1", "--dbpath", s.folder, "--unixSocketPrefix", s.folder, "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"}
	if s.replicaSet {
		args = append(args, "--replSet", "rs0")
	}
	log, err := os.Create(filepath.Join(s.folder, "mongod.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.process = exec.Command(s.binary, args...)
	s.process.Stdout, s.process.Stderr = log, log
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	s.ended = make(chan struct{})
	started := make(chan error)
	go func() {
		// The signal on death is that of the thread which started the process: it has to live as long as the server.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := s.process.Start()
		started <- err
		if err == nil {
			_ = s.process.Wait()
		}
		close(s.ended)
	}()
	if err := <-started; err != nil {
		return err
	}
	if err := s.wait(); err != nil {
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("mongod does not start: %w\n%s", err, text)
	}
	return nil
}

// wait makes it a replica set and returns once it is primary.
func (s *Server) wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(fmt.Sprintf("mongodb://127.0.0.1:%d/?directConnection=true", s.port)))
	if err != nil {
		return err
	}
	defer client.Disconnect(context.Background())
	admin := client.Database("admin")
	member := bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: fmt.Sprintf("127.0.0.1:%d", s.port)}}
	config := bson.D{{Key: "_id", Value: "rs0"}, {Key: "members", Value: bson.A{member}}}
	for {
		if s.replicaSet {
			// Refused where it was done before.
			_ = admin.RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: config}}).Err()
		}
		var hello struct {
			Primary bool `bson:"isWritablePrimary"`
		}
		if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err == nil && hello.Primary {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("it ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Kill ends the server as a power cut would.
func (s *Server) Kill() {
	if s.process != nil && s.process.Process != nil {
		_ = s.process.Process.Kill()
		<-s.ended
	}
}
