// Package bustest starts a real NATS server for tests of several copies of
// the program. It listens on 127.0.0.1 and ends with the test.
package bustest

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"ronde/internal/bus"
)

// Server starts a server and returns its nats:// address.
func Server(t testing.TB) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{ServerName: "test", Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true, MaxPayload: bus.MaxMessage})
	if err != nil {
		t.Fatal(err)
	}
	go s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server did not come up")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s.ClientURL()
}
