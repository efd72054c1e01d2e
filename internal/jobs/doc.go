// Package jobs shares background work between copies of the program.
//
// It owns leases: rows that say who does a piece of work, and until when. It
// promises that at any moment at most one copy holds a lease, that a copy
// which dies loses it by time alone, and that work done twice all the same
// (a clock that jumps) is the worst that can happen: every chore must bear
// that. It does not run anything, keep a queue, or decide what is due: rows
// of the rooms do.
package jobs
