// Package app is the program as a value: configuration, wiring, and the order
// in which things start and stop.
//
// It is the only package that knows every room. It promises that New opens and
// checks everything before a door opens (keys and the list of destroyed ones
// first), that Run ends cleanly when its context does, and that nothing runs
// that Run did not start. It holds no rule of the trade.
package app

// Version is the release.
const Version = "0.1.0"
