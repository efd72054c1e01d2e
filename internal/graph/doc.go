// Package graph speaks Meta's Graph API: the part that Messenger, Instagram
// and WhatsApp have in common.
//
// It owns the form of a call (bearer token, appsecret_proof, version in the
// path), of an error (code and subcode), of a webhook's handshake
// (hub.challenge) and of its signature (X-Hub-Signature-256, an HMAC-SHA256 of
// the raw body under the app's secret). It promises that no byte of a
// webhook's body is read as data before its signature was checked, in constant
// time; that a body beyond the given bound is refused; that a token which
// Graph calls expired is read again from its file once; and that no error
// holds a token, an address or a message of Graph's, which may quote people.
//
// It does not know what a message is, map a code to a reason, or repeat a
// call: the lines do. Written from the published reference of version
// [Version]; it never met the real Graph API.
package graph
