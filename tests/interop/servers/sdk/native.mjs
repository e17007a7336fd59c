// An MCP server that is its own authorization server, on the official SDK's auth router.
// usage: node native.mjs good|good-limited|weak [PORT]      0 or nothing: any free port
//   good          a login and consent page, everything bound to client, redirect and resource, rotation, short lives
//   good-limited  the same with the rate limits that the SDK ships with
//   weak          no page; codes unbound and reusable, tokens for 30 days, any scope, no rotation, no audience check
import { createServer } from 'node:http';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import express from 'express';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { loginRoute, NativeProvider } from './native-provider.mjs';

const mode = process.argv[2];
if (!['good', 'good-limited', 'weak'].includes(mode)) throw new Error(`unknown mode ${mode}`);
const weak = mode === 'weak';

process.stdin.resume().once('end', () => process.exit());    // nobody holds our input any more
const server = createServer().listen(Number(process.argv[3] ?? 0), '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const resource = new URL('/mcp', origin);

const provider = new NativeProvider({ weak, resource });
const app = express();
const limits = mode === 'good-limited' ? {} : Object.fromEntries(
  ['authorizationOptions', 'tokenOptions', 'clientRegistrationOptions', 'revocationOptions'].map(name => [name, { rateLimit: false }]));
app.use(mcpAuthRouter({
  provider, issuerUrl: new URL(origin), resourceServerUrl: resource, scopesSupported: provider.scopes,
  resourceName: `native ${mode}`, ...limits,
}));
loginRoute(app, provider);

function tools() {
  const mcp = new McpServer({ name: `native-${mode}`, version: '1.0.0' });
  mcp.registerTool('echo', { description: 'Gives back the text it was given', inputSchema: { text: z.string() } },
    ({ text }) => ({ content: [{ type: 'text', text }] }));
  mcp.registerTool('whoami', { description: 'Names the calling client and its scopes', inputSchema: {} },
    (_input, { authInfo }) => ({ content: [{ type: 'text', text: `${authInfo?.clientId}: ${authInfo?.scopes?.join(' ')}` }] }));
  return mcp;
}

const sessions = new Map();                                   // id -> {transport, client}
const bearer = requireBearerAuth({
  verifier: provider, requiredScopes: weak ? [] : ['mcp:read'],
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource), expectedResource: weak ? undefined : resource,
});
app.all('/mcp', bearer, express.json(), async (req, res) => {
  const id = req.headers['mcp-session-id'];
  const session = sessions.get(id);
  if (id && (!session || (!weak && session.client !== req.auth.clientId))) {
    return res.status(404).json({ jsonrpc: '2.0', error: { code: -32001, message: 'no such session' }, id: null });
  }
  let transport = session?.transport;
  if (!transport) {
    transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID, enableJsonResponse: true,
      onsessioninitialized: born => sessions.set(born, { transport, client: req.auth.clientId }),
    });
    await tools().connect(transport);
  }
  await transport.handleRequest(req, res, req.body);
});

server.on('request', app);
console.log(`READY ${resource}`);
