// Package channeltest is what every line to the public must pass.
//
// A package below channel/ plays its network, or starts the real one, and says
// how the public and the network are moved; [Run] then asks the line for every
// promise of [channel.Line]:
//
//	func TestLine(t *testing.T) {
//		channeltest.Run(t, func(t *testing.T) channeltest.World {
//			net := play(t) // a server written from the published API, or the real one
//			return channeltest.World{
//				New:     func(t *testing.T) channel.Line { return newLine(t, net.setting()) },
//				Write:   func(t *testing.T, m channeltest.Message) string { return net.write(m.From, m.Text) },
//				Got:     func(t *testing.T, who string) []channeltest.Got { return net.shownTo(who) },
//				Drop:    func(t *testing.T) { net.cut() },
//				Secrets: []string{net.token},
//				Lacks:   map[string]string{channeltest.Shuffle: "the network numbers its updates"},
//			}
//		})
//	}
//
// Each check gets a fresh world. What a network lacks is said: either by the
// line's own [channel.Limits], or as a reason in Lacks; the check is then
// skipped with that sentence. A world that says nothing about an ability fails.
//
// It keeps what arrives as the desk does: arrivals and mark together or not at
// all, the mark through its bytes, known IDs passed over. A death of the program
// is a take that fails, before or after it kept, and a new line from the mark
// that was kept.
//
// It does not know any network, and it cannot see what a played network leaves
// out: error cases come from the published API, and the line's own tests cover
// what only its protocol has.
package channeltest
