// Four ways to put an MCP server before an authorization server. Each returns what answers on the MCP origin.
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { ProxyOAuthServerProvider } from '@modelcontextprotocol/sdk/server/auth/providers/proxyProvider.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import * as expressKit from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import * as sdk2 from '@modelcontextprotocol/server';

const refusal = () => new InvalidTokenError('invalid token');

// The MCP endpoint of SDK 1, without sessions: a server for each request.
function endpoint(app, { express, mode, resource, scopes, verifier, echo, repeat, gate }) {
  const weak = mode === 'weak';
  const bearer = gate ?? requireBearerAuth({
    verifier: verifier(refusal), requiredScopes: weak ? [] : scopes.slice(0, 1),
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource), expectedResource: weak ? undefined : resource,
  });
  app.all('/mcp', bearer, express.json(), async (req, res) => {
    const mcp = new McpServer({ name: `rs-${mode}`, version: '1.0.0' });
    mcp.registerTool(echo.name, { description: echo.about, inputSchema: { text: z.string() } }, repeat);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    res.once('close', () => { transport.close(); mcp.close(); });
    await mcp.connect(transport);
    await transport.handleRequest(req, res, req.body);
  });
  return app;
}

export function twoOrigins(parts) {
  const app = parts.express();
  app.use(mcpAuthMetadataRouter({
    oauthMetadata: parts.metadata, resourceServerUrl: parts.resource, scopesSupported: parts.scopes, resourceName: `RS ${parts.mode}`,
  }));
  return endpoint(app, parts);
}

// Tokens that are bound to a key, by RFC 9449, which the SDK does not know.
export function boundTokens(parts) {
  const { express, resource, scopes, metadata, claimsBySignature } = parts;
  const app = express();
  const published = new URL('/.well-known/oauth-protected-resource/mcp', resource);
  app.get(published.pathname, (_req, res) => res.json({
    resource: resource.href, authorization_servers: [metadata.issuer], scopes_supported: scopes, bearer_methods_supported: ['header'],
    dpop_bound_access_tokens_required: true, dpop_signing_alg_values_supported: ['ES256', 'EdDSA'],
  }));
  const seen = new Set();
  async function holder(req) {
    const [scheme, token] = (req.get('authorization') ?? '').split(' ');
    if (scheme.toLowerCase() !== 'dpop' || !token) return undefined;
    const claims = await claimsBySignature(token);
    const { payload, protectedHeader } = await jwtVerify(req.get('dpop') ?? '', EmbeddedJWK, { typ: 'dpop+jwt', maxTokenAge: 60 });
    const good = claims?.cnf?.jkt === await calculateJwkThumbprint(protectedHeader.jwk) && payload.htm === req.method &&
      payload.htu === resource.href && payload.ath === createHash('sha256').update(token).digest('base64url') && !seen.has(payload.jti);
    seen.add(payload.jti);
    return good ? claims : undefined;
  }
  const gate = async (req, res, next) => {
    if (await holder(req).catch(() => undefined)) return next();
    const error = req.get('authorization') ? ', error="invalid_token"' : '';
    res.status(401).set('WWW-Authenticate', `DPoP algs="ES256 EdDSA"${error}, scope="${scopes[0]}", resource_metadata="${published}"`).json({ error: 'invalid_token' });
  };
  return endpoint(app, { ...parts, gate });
}

export function oneOrigin(parts) {
  const { metadata, verifier, origin, resource, scopes } = parts;
  const clients = new Map();                                  // as the upstream registered them
  const provider = new ProxyOAuthServerProvider({
    endpoints: {
      authorizationUrl: metadata.authorization_endpoint, tokenUrl: metadata.token_endpoint,
      revocationUrl: metadata.revocation_endpoint, registrationUrl: metadata.registration_endpoint,
    },
    verifyAccessToken: token => verifier(refusal).verifyAccessToken(token),
    getClient: async id => clients.get(id),
    fetch: async (url, options) => {
      const answer = await fetch(url, options);
      if (answer.ok && String(url) === metadata.registration_endpoint) {
        const client = await answer.clone().json();
        clients.set(client.client_id, client);
      }
      return answer;
    },
  });
  const free = { rateLimit: false };
  const app = parts.express();
  app.use(mcpAuthRouter({
    provider, issuerUrl: new URL(origin), resourceServerUrl: resource, scopesSupported: scopes,
    authorizationOptions: free, tokenOptions: free, revocationOptions: free,
    clientRegistrationOptions: { ...free, clientIdGeneration: false },
  }));
  return endpoint(app, parts);
}

export function twoWires({ metadata, resource, scopes, verifier, echo, repeat }) {
  const app = expressKit.createMcpExpressApp();
  app.use(expressKit.mcpAuthMetadataRouter({
    oauthMetadata: metadata, resourceServerUrl: resource, scopesSupported: scopes, resourceName: 'RS v2',
    dangerouslyAllowInsecureIssuerUrl: true,
  }));
  const answer = toNodeHandler(sdk2.createMcpHandler(() => {
    const mcp = new sdk2.McpServer({ name: 'rs-v2', version: '1.0.0' });
    mcp.registerTool(echo.name, { description: echo.about, inputSchema: z.object({ text: z.string() }) }, async input => repeat(input));
    return mcp;
  }));
  const bearer = expressKit.requireBearerAuth({
    verifier: verifier(() => new sdk2.OAuthError(sdk2.OAuthErrorCode.InvalidToken, 'invalid token')),
    requiredScopes: scopes.slice(0, 1), resourceMetadataUrl: expressKit.getOAuthProtectedResourceMetadataUrl(resource),
  });
  app.all('/mcp', bearer, (req, res) => answer(req, res, req.body));
  return app;
}
