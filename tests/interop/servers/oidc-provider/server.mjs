// An MCP server and, on a second origin, the OpenID provider "oidc-provider" as its authorization server.
// usage: node server.mjs hard|weak|proxy|v2|guarded [PORT [AUTH_PORT]]      0 or nothing: any free port
//   hard   SDK 1 resource server; JWTs for ten minutes, audience checked, PKCE needed, rotation
//   weak   SDK 1; opaque tokens for 30 days by introspection, no audience check, PKCE optional, scope *, no rotation
//   proxy  SDK 1; the MCP origin passes itself off as the authorization server and forwards to the hard one
//   guarded  SDK 1 endpoint that takes DPoP tokens only, in front of the hard one, which wants pushed requests, clients
//          with a private key, and the token "interop-registration" to register
//   v2     SDK 2 resource server (both wires) in front of the hard one
// Login: any name and password on the provider's development pages.
import { createServer } from 'node:http';
import { once } from 'node:events';
import express from 'express';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { startAuthorizationServer } from './authorization-server.mjs';

const [mode, port, authPort] = [process.argv[2], Number(process.argv[3] ?? 0), Number(process.argv[4] ?? 0)];
if (!['hard', 'weak', 'proxy', 'v2', 'guarded'].includes(mode)) throw new Error(`unknown mode ${mode}`);
const weak = mode === 'weak';
const scopes = weak ? ['read', 'write', 'admin', '*'] : ['mcp:read', 'mcp:write'];

process.stdin.resume().once('end', () => process.exit());    // nobody holds our input any more

async function listen(wanted) {
  const server = createServer().listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

const auth = await listen(authPort);
const rs = await listen(port);
const resource = new URL('/mcp', rs.origin);
const registrationToken = mode === 'guarded' ? 'interop-registration' : undefined;
const caller = await startAuthorizationServer(auth, { weak, scopes, resource: resource.href, registrationToken });
const metadata = await (await fetch(`${auth.origin}/.well-known/openid-configuration`)).json();

// What a good token says, or nothing.
async function claimsByIntrospection(token) {
  const answer = await fetch(metadata.introspection_endpoint, {
    method: 'POST', body: new URLSearchParams({ token }),
    headers: { authorization: `Basic ${btoa(`${caller.id}:${caller.secret}`)}` },
  });
  const claims = await answer.json();
  return claims.active ? claims : undefined;
}

const keys = createRemoteJWKSet(new URL(metadata.jwks_uri));
async function claimsBySignature(token) {
  const rules = { issuer: metadata.issuer, audience: resource.href, typ: 'at+jwt', algorithms: ['RS256'] };
  return jwtVerify(token, keys, rules).then(good => good.payload, () => undefined);
}

function verifier(refusal) {
  return {
    async verifyAccessToken(token) {
      const claims = await (weak ? claimsByIntrospection : claimsBySignature)(token);
      if (!claims) throw refusal();
      return {
        token, clientId: claims.client_id, scopes: (claims.scope ?? '').split(' '), expiresAt: claims.exp,
        resource: weak ? undefined : resource,
      };
    },
  };
}

const echo = { name: 'echo', about: 'Gives back the text it was given' };
const repeat = ({ text }) => ({ content: [{ type: 'text', text }] });
const { boundTokens, oneOrigin, twoOrigins, twoWires } = await import('./resource-servers.mjs');
const build = { hard: twoOrigins, weak: twoOrigins, proxy: oneOrigin, v2: twoWires, guarded: boundTokens }[mode];
const app = await build({ express, mode, origin: rs.origin, resource, scopes, metadata, verifier, claimsBySignature, echo, repeat });
rs.server.on('request', app);
console.log(`READY ${resource}`);
