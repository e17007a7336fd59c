#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "engine/context.h"
#include "engine/facts_impl.h"

namespace mcprove {
namespace {

std::int64_t seconds(std::chrono::system_clock::time_point t) {
  return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
}

/// scope (space-separated), scp or permissions (array or text) of claims; empty if none is there.
std::optional<std::vector<std::string>> scopes_in(const json::Value& claims) {
  for (const auto* member : {"scope", "scp", "permissions"}) {
    const auto value = claims.at(member);
    if (const auto text = value.string()) return scope_list(*text);
    if (value.is_array()) return value.strings();
  }
  return std::nullopt;
}

std::vector<std::string> audience_in(const json::Value& claims) {
  const auto value = claims.at("aud");
  if (const auto one = value.string()) return {*one};
  return value.strings();
}

void read_claims(TokenView& view, const json::Value& claims, std::int64_t now, bool is_jwt) {
  if (auto scopes = scopes_in(claims)) {
    view.claim_scopes = scopes;
    if (!view.scopes) {
      view.scopes = std::move(scopes);
      view.scope_source = is_jwt ? "claims" : "introspection";
    }
  }
  if (!view.audience) view.audience = audience_in(claims);
  if (view.subject.empty()) view.subject = claims.string("sub").value_or("");
  if (view.issuer.empty()) view.issuer = claims.string("iss").value_or("");
  if (view.client_id.empty()) view.client_id = claims.string("client_id").value_or(claims.string("azp").value_or(""));
  if (const auto exp = claims.integer("exp")) {
    if (is_jwt) view.written = std::chrono::seconds(*exp - claims.integer("iat").value_or(now));
    else view.introspected_left = std::chrono::seconds(*exp - now);
  }
}

}  // namespace

std::string secret_key(const std::string& secret) { return text::sha256_hex(secret).substr(0, 16); }

mcp::Credential Grant::credential() const {
  if (!tokens.access_token.empty()) return mcp::Credential::bearer(tokens.access_token);
  mcp::Credential credential;
  credential.headers = headers;
  return credential;
}

Result<TokenView> Facts::view(const oauth::Tokens& tokens, const Issuer& issuer, const std::string& requested_scope) {
  TokenView view;
  const auto when = tokens.server_date.time_since_epoch().count() != 0 ? tokens.server_date : impl_->session.clock().now();
  const auto now = seconds(when);
  if (tokens.expires_in) view.promised = std::chrono::seconds(*tokens.expires_in);
  if (tokens.scope) {
    view.scopes = scope_list(*tokens.scope);
    view.scope_source = "response";
  }
  if (tokens.exchange) view.evidence.push_back(cite(*tokens.exchange, "body", "the token response"));
  view.jws = jose::Jws::parse(tokens.access_token);
  if (view.jws) {
    read_claims(view, view.jws->claims, now, true);
  } else if (!issuer.id.empty() && !tokens.access_token.empty()) {
    if (const auto request = introspection(issuer, tokens.access_token)) {
      const auto answer = oauth::introspect(impl_->session.recorder(), *request);
      if (answer && answer->tokens && answer->tokens->document.boolean("active").value_or(false)) {
        view.introspection = answer->tokens->document;
        read_claims(view, view.introspection, now, false);
        view.evidence.push_back(cite(answer->reply.id, "body", "introspection"));
      }
    }
  }
  // RFC 6749 section 5.1: no scope in the response means as requested.
  if (!view.scopes && !requested_scope.empty() && !view.readable()) {
    view.scopes = scope_list(requested_scope);
    view.scope_source = "request";
  }
  return view;
}

Result<Facts::Impl::Introspector> Facts::Impl::find_introspection(const Issuer& issuer, const std::string& token) {
  std::vector<std::string> endpoints;
  if (!issuer.metadata.introspection_endpoint.empty()) {
    endpoints.push_back(issuer.metadata.introspection_endpoint);
  } else if (issuer.active) {
    const auto base = net::Url::parse(issuer.id);
    if (base)
      for (const auto* path : {"/introspect", "/oauth/introspect", "/oauth2/introspect", "/token/introspection"})
        endpoints.push_back(base->origin() + path);
  }
  std::string why = "introspection does not answer for us";
  for (const auto& endpoint : endpoints) {
    std::vector<std::optional<oauth::Client>> ways;
    if (auto lent = resource_server(issuer, endpoint)) ways.emplace_back(*std::move(lent));
    else if (lent.error().kind == Error::Kind::out_of_scope) why = lent.error().message;
    if (const auto main = session.facts().client(issuer, ClientKind::main)) ways.emplace_back(*main);
    ways.emplace_back(std::nullopt);
    for (const auto& client : ways) {
      auto request = oauth::introspection_request(endpoint, token);
      if (client) request.authenticate(*client);
      MCPROVE_TRY(oauth::sign(request, session.signing()));
      const auto answer = oauth::introspect(session.recorder(), request);
      if (!answer) break;
      if (answer->tokens && answer->tokens->document.boolean("active").value_or(false)) return Introspector{std::move(request)};
      if (answer->reply.response.status == 404) break;
      if (client && client->id == session.options().introspection.id)
        why = "the introspection client that was given is of no use: " +
              (answer->tokens ? "a good token is inactive to it" : answer->why);
    }
  }
  return failure(Error::Kind::unavailable, why);
}

Result<oauth::TokenRequest> Facts::introspection(const Issuer& issuer, const std::string& token) {
  const auto how = MCPROVE_TRY(impl_->introspector_memo.get(impl_->session.recorder(), issuer.id,
                                                            [&] { return impl_->find_introspection(issuer, token); }));
  auto request = how.request;
  request.params.set("token", token);
  MCPROVE_TRY(oauth::sign(request, impl_->session.signing()));
  return request;
}

}  // namespace mcprove
