package mailtest

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// Server is one mail server with its people.
type Server struct {
	IMAP, SMTP   string // addresses without TLS
	IMAPS, SMTPS string // with TLS from the first byte
	CA           string // file with the certificate that both show for 127.0.0.1 and localhost

	dir  string
	lmtp string

	mu     sync.Mutex        // guards people, and the files that hold them
	people map[string]string // address → password
}

const (
	patience = 15 * time.Second
	step     = 20 * time.Millisecond
)

// Start starts a server that ends with the test.
func Start(tb testing.TB) *Server {
	tb.Helper()
	for _, program := range []string{"dovecot", "exim4"} {
		if _, err := lookPath(program); err != nil {
			tb.Fatalf("%s is missing: run make setup", program)
		}
	}
	dir, err := os.MkdirTemp("", "ronde-mail-")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { os.RemoveAll(dir) })
	s := &Server{dir: dir, people: map[string]string{}}
	ports := freePorts(tb, 5)
	s.IMAP, s.IMAPS, s.lmtp, s.SMTP, s.SMTPS = ports[0], ports[1], ports[2], ports[3], ports[4]
	s.prepare(tb)
	s.run(tb, "dovecot", "-F", "-c", filepath.Join(dir, "dovecot.conf"))
	s.run(tb, "exim4", "-C", filepath.Join(dir, "exim.conf"), "-bdf", "-oX", "<; [127.0.0.1]:"+port(s.SMTP)+" ; [127.0.0.1]:"+port(s.SMTPS), "-q2s")
	for _, address := range ports {
		s.await(tb, address)
	}
	return s
}

func lookPath(program string) (string, error) {
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/" + program)
}

func freePorts(tb testing.TB, n int) []string {
	var out []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			tb.Fatal(err)
		}
		defer l.Close()
		out = append(out, l.Addr().String())
	}
	return out
}

func port(address string) string {
	_, p, _ := net.SplitHostPort(address)
	return p
}

// runAs is who the servers become: nobody, when the test runs as root.
func runAs(tb testing.TB) *user.User {
	u, err := user.Current()
	if err == nil && u.Uid == "0" {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		tb.Fatal(err)
	}
	return u
}

// prepare writes folders, certificate and configurations.
func (s *Server) prepare(tb testing.TB) {
	tb.Helper()
	u := runAs(tb)
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	own := func(path string) {
		if err := os.Chown(path, uid, gid); err != nil {
			tb.Fatal(err)
		}
	}
	if err := os.Chmod(s.dir, 0o755); err != nil {
		tb.Fatal(err)
	}
	for _, name := range []string{"mail", "spool", "log", "run", "people"} {
		path := filepath.Join(s.dir, name)
		if err := os.Mkdir(path, 0o755); err != nil {
			tb.Fatal(err)
		}
		if name != "run" && name != "people" {
			own(path)
		}
	}
	certificate(tb, s.dir)
	own(filepath.Join(s.dir, "key.pem"))
	s.CA = filepath.Join(s.dir, "cert.pem")
	group, err := user.LookupGroupId(u.Gid)
	if err != nil {
		tb.Fatal(err)
	}
	values := map[string]string{
		"Dir": s.dir, "UID": u.Uid, "GID": u.Gid, "User": u.Username, "Group": group.Name, "Root": "", "Tokens": s.tokens(tb),
		"IMAP": port(s.IMAP), "IMAPS": port(s.IMAPS), "LMTP": port(s.lmtp), "SMTP": port(s.SMTP), "SMTPS": port(s.SMTPS),
	}
	if os.Geteuid() == 0 {
		values["Root"] = "yes"
	}
	for name, text := range map[string]string{"dovecot.conf": dovecotConf, "exim.conf": eximConf, "check": checkScript, "oauth.conf": oauthConf} {
		var buf bytes.Buffer
		if err := template.Must(template.New(name).Parse(text)).Execute(&buf, values); err != nil {
			tb.Fatal(err)
		}
		s.write(tb, name, buf.String())
	}
	if err := os.Chmod(filepath.Join(s.dir, "check"), 0o755); err != nil {
		tb.Fatal(err)
	}
	s.save(tb)
}

// tokens answers whose an access token is (RFC 7662): a password serves as one.
func (s *Server) tokens(tb testing.TB) (address string) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for address, password := range s.people {
			if password == r.FormValue("token") {
				fmt.Fprintf(w, `{"active":"true","username":%q}`, address)
				return
			}
		}
		fmt.Fprint(w, `{"active":"false"}`)
	}))
	tb.Cleanup(web.Close)
	return web.Listener.Addr().String()
}

func (s *Server) write(tb testing.TB, name, text string) {
	tb.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path+".new", []byte(text), 0o644); err != nil {
		tb.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		tb.Fatal(err)
	}
}

// save writes the list of people for Exim, which reads it each time.
func (s *Server) save(tb testing.TB) {
	tb.Helper()
	var list strings.Builder
	for address, password := range s.people {
		fmt.Fprintf(&list, "%s: %s\n", address, password)
	}
	s.write(tb, "people.exim", list.String())
}

// run starts a program that ends with the test.
func (s *Server) run(tb testing.TB, program string, args ...string) {
	tb.Helper()
	path, err := lookPath(program)
	if err != nil {
		tb.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("start %s: %v", program, err)
	}
	tb.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		end := time.AfterFunc(5*time.Second, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		_ = cmd.Wait()
		end.Stop()
		if tb.Failed() {
			tb.Logf("%s said: %s\n%s", program, said.String(), s.logs())
		}
	})
}

// logs are the last words of both programs.
func (s *Server) logs() string {
	var out strings.Builder
	for _, name := range []string{"log/dovecot.log", "log/main.log", "log/reject.log", "log/panic.log"} {
		raw, _ := os.ReadFile(filepath.Join(s.dir, name))
		fmt.Fprintf(&out, "--- %s\n%s\n", name, raw[max(0, len(raw)-4000):])
	}
	return out.String()
}

// await waits until somebody listens.
func (s *Server) await(tb testing.TB, address string) {
	tb.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(step) {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(end) {
			tb.Fatalf("nobody listens at %s\n%s", address, s.logs())
		}
	}
}
