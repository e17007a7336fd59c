// The official SDK's own example: an MCP server with OAuth, and its demonstration authorization server beside it.
// usage: node demo.mjs plain|strict [PORT [AUTH_PORT]]      0 or nothing: any free port
import { createServer } from 'node:net';

const [mode, port, authPort] = [process.argv[2], Number(process.argv[3] ?? 0), Number(process.argv[4] ?? 0)];
if (mode !== 'plain' && mode !== 'strict') throw new Error(`unknown mode ${mode}`);

// The example takes its ports from the environment before it listens, so a free one must be found first.
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, () => { const found = probe.address().port; probe.close(() => resolve(found)); });
  });
}

process.stdin.resume().once('end', () => process.exit());    // nobody holds our input any more
process.env.MCP_PORT = String(port || await freePort());
process.env.MCP_AUTH_PORT = String(authPort || await freePort());
process.argv.push('--oauth', ...(mode === 'strict' ? ['--oauth-strict'] : []));
await import('@modelcontextprotocol/sdk/examples/server/simpleStreamableHttp.js');

const origin = `http://localhost:${process.env.MCP_PORT}`;
const answers = url => fetch(url).then(answer => answer.ok, () => false);
while (!await answers(`${origin}/.well-known/oauth-protected-resource/mcp`)) await new Promise(setImmediate);
console.log(`READY ${origin}/mcp`);
