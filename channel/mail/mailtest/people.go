package mailtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// Add gives somebody a mailbox, or another password.
func (s *Server) Add(tb testing.TB, address, password string) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	address = strings.ToLower(address)
	s.people[address] = password
	s.save(tb)
	s.write(tb, "people/"+address, password)
}

// Remove takes somebody's mailbox away: what is sent there bounces.
func (s *Server) Remove(tb testing.TB, address string) {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	address = strings.ToLower(address)
	delete(s.people, address)
	s.save(tb)
	if err := os.Remove(filepath.Join(s.dir, "people", address)); err != nil {
		tb.Fatal(err)
	}
}

// AwaitReader waits until somebody's mailbox is open and its reader waits for
// mails (IDLE): what comes from now on is new to them. Dovecot says so in the
// titles of its processes.
func (s *Server) AwaitReader(tb testing.TB, address string) error {
	tb.Helper()
	for end := time.Now().Add(2 * patience); ; time.Sleep(step) {
		all, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil {
			return err
		}
		for _, name := range all {
			title, _ := os.ReadFile(name) // one that has ended says nothing
			if strings.Contains(string(title), address) && strings.Contains(string(title), "IDLE") {
				return nil
			}
		}
		if time.Now().After(end) {
			return fmt.Errorf("nobody reads the mailbox\n%s", s.logs())
		}
	}
}

// Deliver puts a mail into a mailbox, as a mail server does that has received
// it: byte for byte, in the order of the calls.
func (s *Server) Deliver(tb testing.TB, sender, to string, raw []byte) {
	tb.Helper()
	if err := s.deliver(sender, to, raw); err != nil {
		tb.Fatalf("deliver mail: %v\n%s", err, s.logs())
	}
}

func (s *Server) deliver(sender, to string, raw []byte) error {
	conn, err := net.DialTimeout("tcp", s.lmtp, patience)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(4 * patience)); err != nil {
		return err
	}
	c := textproto.NewConn(conn)
	if _, _, err := c.ReadResponse(220); err != nil {
		return err
	}
	for _, line := range []string{"LHLO mail.ronde.example", "MAIL FROM:<" + sender + ">", "RCPT TO:<" + to + ">"} {
		if err := c.PrintfLine("%s", line); err != nil {
			return err
		}
		if _, _, err := c.ReadResponse(250); err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	if err := c.PrintfLine("DATA"); err != nil {
		return err
	}
	if _, _, err := c.ReadResponse(354); err != nil {
		return err
	}
	w := c.DotWriter()
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, _, err = c.ReadResponse(250)
	return err
}

// Mails are the raw mails in somebody's inbox, in the order of their coming.
func (s *Server) Mails(tb testing.TB, address string) [][]byte {
	tb.Helper()
	return s.folder(tb, address, "")
}

// Copies are the raw mails in somebody's folder of sent mails.
func (s *Server) Copies(tb testing.TB, address string) [][]byte {
	tb.Helper()
	return s.folder(tb, address, ".Sent")
}

func (s *Server) folder(tb testing.TB, address, name string) [][]byte {
	tb.Helper()
	var files []string
	for _, part := range []string{"new", "cur"} {
		found, err := filepath.Glob(filepath.Join(s.dir, "mail", strings.ToLower(address), "box", name, part, "*"))
		if err != nil {
			tb.Fatal(err)
		}
		files = append(files, found...)
	}
	sort.Slice(files, func(i, j int) bool { return filepath.Base(files[i]) < filepath.Base(files[j]) })
	var out [][]byte
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if errors.Is(err, os.ErrNotExist) {
			continue // it was moved from new to cur
		}
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, raw)
	}
	return out
}

// certificate makes one for this machine, which signs itself.
func certificate(tb testing.TB, dir string) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.ronde.example"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		tb.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "cert.pem"), 0o644); err != nil {
		tb.Fatal(err)
	}
}
