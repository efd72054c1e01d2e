// Starts a real PDS and directory on 127.0.0.1, and with DB_POSTGRES_URL and
// REDIS_HOST a real AppView too, makes the accounts that TestReal… sign in to,
// and prints how to run them:
//
//   npm install @atproto/dev-env && npm rebuild better-sqlite3
//   [DB_POSTGRES_URL=postgres://… REDIS_HOST=127.0.0.1:6379] node pds.cjs
const net = require('node:net');
const { TestNetwork, TestNetworkNoAppView } = require('@atproto/dev-env');

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
  const whole = Boolean(process.env.DB_POSTGRES_URL && process.env.REDIS_HOST);
  const letters = Math.random().toString(36).replace(/[^a-z]/g, '');
  const network = await (whole ? TestNetwork : TestNetworkNoAppView).create({ dbPostgresSchema: `ronde_${letters}` });
  const client = network.pds.getClient();
  for (const name of ['patrouille', 'ada']) {
    await client.api.com.atproto.server.createAccount({ handle: `${name}.test`, email: `${name}@brume.example`, password: `word-of-${name}` });
  }
  await network.processAll();
  console.log(`${whole ? 'RONDE_BLUESKY_APPVIEW=1 ' : ''}RONDE_BLUESKY_PDS=${network.pds.url} RONDE_BLUESKY_PLC=${network.plc.url} go test ./channel/bluesky -run Real -v`);
})();
