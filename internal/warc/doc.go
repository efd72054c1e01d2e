// Package warc reads web archives: WARC 1.0 and 1.1 (ISO 28500), plain or
// compressed, and the ZIP that a WACZ 1.1.1 package is.
//
// It is a pure codec: it reads a stream once, forwards only, and keeps nothing
// but the piece that it is at. It promises that reading ends in bounded time
// and memory whatever the stream holds (lying lengths, endless lines, bombs of
// compression, countless records or entries); that a name inside an archive is
// never more than a name; and that an error is [ErrCut], [ErrForm] or
// [ErrLimit], with what was read before it still good.
//
// It does not write archives, follow a revisit record to what it repeats, put
// segmented records together, or trust a central directory or an index: what
// lies in the stream is what is read.
package warc
