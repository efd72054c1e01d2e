package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"ronde/internal/errs"
)

// Limits of every door.
const (
	headerTime  = 10 * time.Second
	idleTime    = 2 * time.Minute
	writeTime   = 2 * time.Minute
	readTime    = time.Minute
	streamTime  = 30 * time.Minute // the partners' door reads long streams
	maxHeader   = 32 << 10         // bytes
	stopsWithin = 10 * time.Second
)

type door struct {
	name     string
	listener net.Listener
	server   *http.Server
}

// open begins to listen, so that a wrong address is known before anything runs.
func (a *App) open(name, address string, h http.Handler, read time.Duration, client bool) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return errs.Wrap(err, "open door "+name)
	}
	conf, err := a.tls(client)
	if err != nil {
		l.Close()
		return errs.Wrap(err, "open door "+name)
	}
	if conf != nil {
		l = tls.NewListener(l, conf)
	}
	a.doors = append(a.doors, &door{name, l, &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: read, WriteTimeout: max(writeTime, read), IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		ErrorLog: log.New(io.Discard, "", 0), // it would write addresses down
	}})
	return nil
}

// Address returns where a door ("portal", "workbench", "partner") listens.
func (a *App) Address(name string) string {
	scheme := "http://"
	if a.cfg.TLSCert != "" {
		scheme = "https://"
	}
	for _, d := range a.doors {
		if d.name == name {
			return scheme + d.listener.Addr().String()
		}
	}
	return ""
}

// Run serves the doors and does the chores until ctx ends, then stops in
// order: doors first, so that nothing new comes in, then the chores.
func (a *App) Run(ctx context.Context) error {
	chores, stop := context.WithCancel(context.Background())
	defer stop()
	var background sync.WaitGroup
	for _, c := range a.chores() {
		background.Go(func() { a.keep(chores, c) })
	}
	a.runLines(chores, background.Go)
	failed := make(chan error, len(a.doors))
	for _, d := range a.doors {
		go func() { failed <- d.server.Serve(d.listener) }()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	close(a.ending)
	last, cancel := context.WithTimeout(context.Background(), stopsWithin)
	defer cancel()
	for _, d := range a.doors {
		if e := d.server.Shutdown(last); e != nil {
			d.server.Close()
		}
	}
	stop()
	background.Wait()
	if e := a.jobs.Release(last); e != nil {
		a.log.Error("release leases", "error", e)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errs.Wrap(err, "serve")
}

// tls returns nil without certificate files. The files are read again when
// they change, so that a renewed certificate needs no restart.
func (a *App) tls(client bool) (*tls.Config, error) {
	if a.cfg.TLSCert == "" {
		return nil, nil
	}
	k := &keyPair{cert: a.cfg.TLSCert, key: a.cfg.TLSKey}
	if _, err := k.get(nil); err != nil {
		return nil, err
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: k.get, NextProtos: []string{"h2", "http/1.1"}}
	if client && a.cfg.ClientCA != "" {
		pem, err := os.ReadFile(a.cfg.ClientCA)
		if err != nil {
			return nil, errs.Wrap(err, "read client authorities")
		}
		conf.ClientCAs = x509.NewCertPool()
		if !conf.ClientCAs.AppendCertsFromPEM(pem) {
			return nil, refuse("no certificate in " + a.cfg.ClientCA)
		}
		conf.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return conf, nil
}

type keyPair struct {
	cert, key string
	mu        sync.Mutex // guards changed and pair
	changed   time.Time
	pair      *tls.Certificate
}

func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	info, err := os.Stat(k.cert)
	if err == nil && k.pair != nil && info.ModTime().Equal(k.changed) {
		return k.pair, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(k.cert, k.key); err == nil {
			k.pair, k.changed = &pair, info.ModTime()
			return k.pair, nil
		}
	}
	if k.pair != nil {
		return k.pair, nil // half-written files: keep the last good pair
	}
	return nil, errs.Wrap(err, "read certificate")
}
