package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// cluster returns the address of a PostgreSQL server without a database name.
var cluster = sync.OnceValues(func() (string, error) {
	if a := os.Getenv("RONDE_TEST_POSTGRES"); a != "" {
		return a, nil
	}
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	cred, err := unprivileged()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "ronde-pg-")
	if err != nil {
		return "", err
	}
	if cred != nil {
		if err := os.Chown(dir, int(cred.Uid), int(cred.Gid)); err != nil {
			return "", err
		}
	}
	initdb := exec.Command(filepath.Join(bin, "initdb"), "-A", "trust", "-U", "ronde", "-E", "UTF8", "--locale=C", "--no-sync", "-D", filepath.Join(dir, "data"))
	initdb.Dir = dir
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return start(bin, dir, cred)
})

// start runs the server so that it ends with this process, whatever ends it:
// the kernel signals the child when the thread that started it dies, so that
// thread is kept for good. A small shell then removes the folder.
func start(bin, dir string, cred *syscall.Credential) (string, error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	script := `"$0" "$@" & p=$!; trap 'kill -QUIT $p' TERM; wait $p; wait $p; rm -rf "$PGFOLDER"`
	cmd := exec.Command("/bin/sh", "-c", script, filepath.Join(bin, "postgres"), "-D", filepath.Join(dir, "data"),
		"-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", dir,
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=200")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PGFOLDER="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred, Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- cmd.Start()
		select {}
	}()
	if err := <-started; err != nil {
		return "", err
	}
	return fmt.Sprintf("postgres://ronde@127.0.0.1:%d", port), waitFor(port)
}

func waitFor(port int) error {
	address := fmt.Sprintf("postgres://ronde@127.0.0.1:%d/postgres?sslmode=disable", port)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		d, err := sql.Open("pgx", address)
		if err == nil {
			err = d.PingContext(ctx)
			d.Close()
		}
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for server: %w", err)
		}
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func binaries() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("no initdb found")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged returns the user postgres when we are root: initdb refuses root.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

func admin(base string, statement string) error {
	d, err := sql.Open("pgx", base+"/postgres?sslmode=disable")
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = d.Exec(statement)
	return err
}

func create(base, name string) error { return admin(base, "CREATE DATABASE "+name) }

func drop(base, name string) { admin(base, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") }
