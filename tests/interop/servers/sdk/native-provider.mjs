// What the SDK's auth router asks of a provider: clients, codes and tokens in memory.
import { randomBytes, randomUUID } from 'node:crypto';
import express from 'express';
import {
  InvalidGrantError, InvalidScopeError, InvalidTargetError, InvalidTokenError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';

const secret = () => randomBytes(32).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);
const escaped = text => String(text ?? '').replace(/[^\w .:/-]/g, c => `&#${c.codePointAt(0)};`);
const codeLife = 60;
const person = { username: 'demo', password: 'native-password' };

export class NativeProvider {
  constructor({ weak, resource }) {
    Object.assign(this, { weak, resource, scopes: ['mcp:read', 'mcp:write'], clients: new Map(), pages: new Map() });
    Object.assign(this, { codes: new Map(), accessTokens: new Map(), refreshTokens: new Map() });
  }

  get clientsStore() {
    return {
      getClient: id => this.clients.get(id),
      registerClient: client => { this.clients.set(client.client_id, client); return client; },
    };
  }

  async authorize(client, request, res) {
    const wanted = request.scopes?.length ? request.scopes : ['mcp:read'];
    if (!this.weak) this.#refuseStrangers(wanted, request.resource, true);
    const pending = { client: client.client_id, ...request, scopes: wanted };
    if (this.weak) return this.redirectWithCode(pending, res);
    const page = secret();
    this.pages.set(page, pending);
    res.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'").set('X-Frame-Options', 'DENY');
    res.set('Referrer-Policy', 'no-referrer').type('html').send(`<!doctype html><title>Sign in</title>
<p>${escaped(client.client_name)} asks for ${escaped(wanted.join(' '))} and returns to ${escaped(request.redirectUri)}
<form method=post action=/login><input type=hidden name=page value=${page}>
<label>Name <input name=username></label> <label>Password <input type=password name=password></label>
<button name=answer value=allow>Allow</button> <button name=answer value=deny>Deny</button></form>`);
  }

  redirectWithCode(pending, res) {
    const code = secret();
    this.codes.set(code, { ...pending, born: seconds() });
    this.redirect(pending, { code }, res);
  }

  redirect(pending, parameters, res) {
    const to = new URL(pending.redirectUri);
    for (const [name, value] of Object.entries({ ...parameters, state: pending.state })) {
      if (value !== undefined) to.searchParams.set(name, value);
    }
    res.redirect(302, to.href);
  }

  async challengeForAuthorizationCode(_client, code) {
    return this.#known(this.codes, code, 'code').codeChallenge;
  }

  async exchangeAuthorizationCode(client, code, _verifier, redirectUri, resource) {
    const grant = this.#known(this.codes, code, 'code');
    if (this.weak) return this.#issue(client.client_id, grant.scopes, resource ?? grant.resource, randomUUID());
    if (grant.family) {                                       // a second use tells of a theft
      this.#forget(grant.family);
      throw new InvalidGrantError('the code was used before');
    }
    if (grant.client !== client.client_id || grant.redirectUri !== redirectUri || seconds() > grant.born + codeLife) {
      throw new InvalidGrantError('the code is not for this request');
    }
    if (resource) this.#refuseStrangers([], resource, false);
    grant.family = randomUUID();
    return this.#issue(client.client_id, grant.scopes, grant.resource, grant.family);
  }

  async exchangeRefreshToken(client, token, scopes, _resource) {
    const grant = this.#known(this.refreshTokens, token, 'refresh token');
    if (this.weak) {
      return { ...this.#issue(client.client_id, scopes ?? grant.scopes, grant.resource, grant.family), refresh_token: token };
    }
    if (grant.client !== client.client_id) throw new InvalidGrantError('the refresh token is of another client');
    if (grant.spent) {
      this.#forget(grant.family);
      throw new InvalidGrantError('the refresh token was used before');
    }
    if (scopes?.some(scope => !grant.scopes.includes(scope))) throw new InvalidScopeError('more than was granted');
    grant.spent = true;
    return this.#issue(client.client_id, scopes ?? grant.scopes, grant.resource, grant.family);
  }

  async verifyAccessToken(token) {
    const grant = this.accessTokens.get(token);
    if (!grant || grant.ends < seconds()) throw new InvalidTokenError('unknown or expired');
    return { token, clientId: grant.client, scopes: grant.scopes, expiresAt: grant.ends, resource: grant.resource };
  }

  async revokeToken(client, { token }) {
    const grant = this.accessTokens.get(token) ?? this.refreshTokens.get(token);
    if (!grant || grant.client !== client.client_id) return;
    if (this.weak) this.refreshTokens.delete(token);
    else this.#forget(grant.family);
  }

  #known(table, key, what) {
    const found = table.get(key);
    if (!found) throw new InvalidGrantError(`unknown ${what}`);
    return found;
  }

  #refuseStrangers(scopes, resource, needed) {
    if (scopes.some(scope => !this.scopes.includes(scope))) throw new InvalidScopeError('a scope is unknown');
    if ((needed || resource) && resource?.href.replace(/\/$/, '') !== this.resource.href) {
      throw new InvalidTargetError(`the resource is ${this.resource.href}`);
    }
  }

  #issue(client, scopes, resource, family) {
    const life = this.weak ? 30 * 86400 : 600;
    const [access, refresh] = [secret(), secret()];
    this.accessTokens.set(access, { client, scopes, resource, family, ends: seconds() + life });
    this.refreshTokens.set(refresh, { client, scopes, resource, family, spent: false });
    return { access_token: access, token_type: 'Bearer', expires_in: life, scope: scopes.join(' '), refresh_token: refresh };
  }

  #forget(family) {
    for (const table of [this.accessTokens, this.refreshTokens]) {
      for (const [token, grant] of table) if (grant.family === family) table.delete(token);
    }
  }
}

export function loginRoute(app, provider) {
  app.post('/login', express.urlencoded({ extended: false }), (req, res) => {
    const { page, username, password, answer } = req.body;
    const pending = provider.pages.get(page);
    if (!pending) return res.status(400).send('this page was used before');
    provider.pages.delete(page);
    if (answer !== 'allow') return provider.redirect(pending, { error: 'access_denied' }, res);
    if (username !== person.username || password !== person.password) return res.status(403).send('wrong name or password');
    provider.redirectWithCode(pending, res);
  });
}
