// mcp-proxy in front of the reference server "everything": all three wires, one API key (X-API-Key), no OAuth.
// usage: MCP_PROXY_API_KEY=... node server.mjs default [PORT]      0 or nothing: any free port
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

if (process.argv[2] !== 'default') throw new Error(`unknown mode ${process.argv[2]}`);
if (!process.env.MCP_PROXY_API_KEY) throw new Error('MCP_PROXY_API_KEY is not set');

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => { const found = probe.address().port; probe.close(() => resolve(found)); });
  });
}

const port = Number(process.argv[3] ?? 0) || await freePort();
const module = path => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));
const child = spawn(process.execPath, [
  module('mcp-proxy/dist/bin/mcp-proxy.mjs'), '--host', '127.0.0.1', '--port', String(port), '--',
  process.execPath, module('@modelcontextprotocol/server-everything/dist/index.js'),
], { stdio: ['ignore', 'ignore', 'inherit'] });
child.once('exit', code => process.exit(code ?? 1));
const stop = () => child.kill();
process.stdin.resume().once('end', stop);                     // nobody holds our input any more
process.once('SIGTERM', stop).once('SIGINT', stop);

const answers = url => fetch(url).then(() => true, () => false);
while (!await answers(`http://127.0.0.1:${port}/ping`)) await new Promise(next => setTimeout(next, 20));
console.log(`READY http://127.0.0.1:${port}/mcp`);
