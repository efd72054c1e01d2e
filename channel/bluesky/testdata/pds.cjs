// Starts a real PDS and its directory on 127.0.0.1, with the account that
// TestRealPDS signs in to, and prints what the test needs:
//
//   npm install @atproto/dev-env && npm rebuild better-sqlite3
//   node pds.cjs
const net = require('node:net');
const { TestNetworkNoAppView } = require('@atproto/dev-env');

// dev-env would listen on every interface.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  if (args[0] && typeof args[0] === 'object' && 'port' in args[0]) {
    args[0].host = '127.0.0.1';
    return listen.apply(this, args);
  }
  const ready = args.find((x) => typeof x === 'function');
  return listen.call(this, { port: Number(args[0]), host: '127.0.0.1' }, ready);
};

(async () => {
  const network = await TestNetworkNoAppView.create({ dbPostgresSchema: 'unused' });
  const client = network.pds.getClient();
  await client.api.com.atproto.server.createAccount({ handle: 'patrouille.test', email: 'patrouille@brume.example', password: 'word-of-patrouille' });
  console.log(`RONDE_BLUESKY_PDS=${network.pds.url} RONDE_BLUESKY_PLC=${network.plc.url} go test ./channel/bluesky -run RealPDS -v`);
})();
