// Package media says what a file from outside is, and makes a copy of a
// picture that can be shown.
//
// It promises:
//
//   - a file is what its first bytes say, never what its name or sender says;
//   - a copy is made of pixels alone: place, time, camera, thumbnails, colour
//     profiles, comments and whatever was hung behind the picture stay behind;
//   - a picture stands as its camera noted it;
//   - nothing is unfolded whose head announces more than [MaxPixels], and a
//     head that contradicts itself is believed at its worst.
//
// It is pure: no file, no clock, no network. It does not show HEIC or AVIF, SVG,
// sound, film, documents or archives: what no kept decoder in Go reads safely
// is named and left closed (decision 0018). It does not say what a picture
// shows.
package media
