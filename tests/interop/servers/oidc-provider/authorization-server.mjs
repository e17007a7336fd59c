// oidc-provider on an origin that listens already. Returns the client that a resource server may introspect with.
import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { errors } from 'oidc-provider';

const minute = 60, hour = 60 * minute, day = 24 * hour;

// What a guarded one demands of clients: pushed requests, a private key, a token to register with, proofs of possession.
const guards = registrationToken => ({
  clientAuthMethods: ['private_key_jwt'],
  features: {
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    dPoP: { enabled: true },
    registration: { enabled: true, initialAccessToken: registrationToken },
  },
});

export async function startAuthorizationServer({ server, origin }, { weak, scopes, resource, registrationToken }) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const signing = { ...await exportJWK(privateKey), kid: 'signing', use: 'sig', alg: 'RS256' };
  const caller = { id: 'resource-server', secret: randomBytes(32).toString('hex') };
  const tokenLife = weak ? 30 * day : 10 * minute;

  const guarded = registrationToken ? guards(registrationToken) : { features: {} };

  const provider = new Provider(origin, {
    ...guarded,
    clients: registrationToken ? [] : [{
      client_id: caller.id, client_secret: caller.secret, token_endpoint_auth_method: 'client_secret_basic',
      grant_types: [], response_types: [], redirect_uris: [],
    }],
    jwks: { keys: [signing] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    findAccount: (_context, name) => ({ accountId: name, claims: () => ({ sub: name, email: `${name}@example.test` }) }),
    scopes: ['openid', 'offline_access', ...scopes],
    claims: { openid: ['sub'], email: ['email'] },
    clientBasedCORS: () => weak,
    pkce: { required: () => !weak },
    responseTypes: weak ? ['code', 'id_token', 'code id_token', 'none'] : ['code'],
    issueRefreshToken: async (_context, client, code) =>
      client.grantTypeAllowed('refresh_token') && (weak || code.scopes.has('offline_access')),
    rotateRefreshToken: () => !weak,
    ttl: {
      AccessToken: tokenLife, ClientCredentials: tokenLife, AuthorizationCode: weak ? hour : minute, IdToken: hour,
      RefreshToken: weak ? 365 * day : day, Session: day, Interaction: hour, Grant: 30 * day,
    },
    features: {
      devInteractions: { enabled: true },
      registration: { enabled: true },
      pushedAuthorizationRequests: { enabled: false },
      ...guarded.features,
      revocation: { enabled: true },
      userinfo: { enabled: true },
      clientCredentials: { enabled: weak },
      introspection: { enabled: true, allowedPolicy: (_context, client) => weak || client.clientId === caller.id },
      resourceIndicators: {
        enabled: true,
        defaultResource: (_context, _client, oneOf) => oneOf ?? (weak ? resource : undefined),
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, wanted) => {
          if (!weak && wanted !== resource) throw new errors.InvalidTarget();
          const format = weak ? { accessTokenFormat: 'opaque' } : { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } };
          return { scope: scopes.join(' '), audience: wanted, accessTokenTTL: tokenLife, ...format };
        },
      },
    },
  });
  server.on('request', provider.callback());
  return caller;
}
