// Package lexbench makes the data that `ronde bench scan` measures on: posts
// and lexicons of any size from a seed, the same bytes on every machine.
//
// It owns what the data is like, never how it is judged: it knows the form of
// a post and of a lexicon's files and imports nothing of ours. No post or
// word in it was written by a person.
package lexbench
