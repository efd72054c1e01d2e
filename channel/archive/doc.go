// Package archive reads public posts out of files that others made: web
// archives (WARC, WACZ) and the exports that networks give their users.
//
// It promises that a file is read once, from its front, and held nowhere: what
// is in memory is one post and a bounded piece around it; that reading ends
// whatever the file holds, with what was read before still good; that only what
// was public is read, where the format says so (a private chat, a post for
// followers, a direct message are left out and counted); and that whatever is
// not read is counted by reason.
//
// It does not judge or keep a post, fetch what a page points to, run a script,
// read pictures, sound or films, or repair a broken file.
package archive
