// Package ronde holds no code. It is the root of the house, so that the
// floors can be checked over the whole tree: see arch_test.go for the table
// of rooms and the rules that every package keeps.
//
// The program is cmd/ronde. The words of the trade are root folders
// (mandate, watch, desk, patrol, evidence, casefile, …); the plumbing is in
// internal. docs/architecture.md is the map.
package ronde
