#include "oauth/token.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/client_auth.h"
#include "oauth/date.h"
#include "oauth/token_json.h"

namespace mcprove::oauth {

namespace {

/// The form encoding of RFC 6749 appendix B, as Basic wants it; this is why a plain colon in a secret does no harm.
std::string basic(const Client& client) {
  return "Basic " + text::base64_encode(text::percent_encode(client.id) + ":" + text::percent_encode(client.secret));
}

std::string with_query(const std::string& url, const net::Params& query) {
  if (query.empty()) return url;
  const auto hash = std::min(url.find('#'), url.size());
  const auto separator = url.find('?') < hash ? (url[hash - 1] == '?' || url[hash - 1] == '&' ? "" : "&") : "?";
  return url.substr(0, hash) + separator + query.encode();
}

net::Request to_wire(const TokenRequest& wanted) {
  net::Request request;
  request.method = wanted.method;
  request.url = with_query(wanted.url, wanted.query);
  request.headers = wanted.headers;
  request.purpose = wanted.purpose;
  if (wanted.method == "GET" || wanted.method == "HEAD") {
    request.url = with_query(request.url, wanted.params);
  } else {
    if (!request.headers.has("Content-Type")) request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = wanted.params.encode();
  }
  if (!request.headers.has("Accept")) request.headers.add("Accept", "application/json");
  return request;
}

void hide_tokens(Redactor& redactor, const json::Value& document) {
  for (const char* kind : {"access_token", "refresh_token", "id_token"}) {
    if (const auto token = document.string(kind).value_or(""); !token.empty()) redactor.add(kind, token);
  }
}

Tokens read_tokens(const json::Value& document, const net::Reply& reply, Clock& clock) {
  Tokens tokens;
  tokens.access_token = document.string("access_token").value_or("");
  tokens.token_type = document.string("token_type").value_or("");
  tokens.expires_in = document.integer("expires_in");
  tokens.refresh_token = document.string("refresh_token").value_or("");
  tokens.scope = document.string("scope");
  tokens.id_token = document.string("id_token").value_or("");
  tokens.document = document;
  tokens.exchange = reply.id;
  tokens.received = clock.now();
  tokens.server_date = http_date(reply.response.headers.find("Date").value_or("")).value_or(tokens.received);
  return tokens;
}

bool succeeded(const net::Response& response) { return response.status >= 200 && response.status < 300; }

TokenAnswer answered(net::Reply reply) {
  TokenAnswer out;
  out.error = error_of(reply.response).code;
  out.why = described(reply.response);
  if (refuses(reply.response)) out.answer = Answer::denied;
  out.reply = std::move(reply);
  return out;
}

TokenRequest start(const std::string& url, std::string purpose) {
  TokenRequest request;
  request.url = url;
  request.purpose = std::move(purpose);
  return request;
}

TokenRequest grant_request(const ServerMetadata& server, const Client& client, const std::string& grant_type,
                           const std::string& scope, const std::string& resource) {
  auto request = start(server.token_endpoint, "token request: " + grant_type);
  request.params.set("grant_type", grant_type);
  if (!scope.empty()) request.params.set("scope", scope);
  if (!resource.empty()) request.params.set("resource", resource);
  request.authenticate(client);
  return request;
}

/// With a fresh proof each time, and once more with the nonce that the server asks for (RFC 9449 section 8).
Result<net::Reply> send_proven(net::Recorder& recorder, const TokenRequest& request, Prover* prover) {
  for (bool again = false;; again = true) {
    auto wire = to_wire(request);
    const auto url = wire.url;
    if (prover != nullptr) wire.headers.set("DPoP", MCPROVE_TRY(prover->proof(wire.method, url)));
    auto reply = MCPROVE_TRY(recorder.send(std::move(wire)));
    const bool fresh = prover != nullptr && prover->learn(url, reply.response.headers);
    if (again || !fresh || !wants_nonce(reply.response)) return reply;
  }
}

}  // namespace

Tokens after_refresh(Tokens fresh, const std::string& refresh_token, const std::optional<std::string>& scope) {
  if (fresh.refresh_token.empty()) fresh.refresh_token = refresh_token;
  if (!fresh.scope) fresh.scope = scope;
  return fresh;
}

void TokenRequest::authenticate(const Client& client) {
  if (client.auth_method == "client_secret_basic" && !client.secret.empty()) {
    headers.set("Authorization", basic(client));
    return;
  }
  params.set("client_id", client.id);
  // A secret that signs is never sent.
  if (signs_assertions(client)) signer = client;
  if (client.is_public() || client.auth_method.ends_with("_jwt")) return;
  if (!client.secret.empty()) params.set("client_secret", client.secret);
}

void TokenRequest::unauthenticate() {
  signer.reset();
  headers.erase("Authorization");
  for (auto* fields : {&params, &query}) {
    for (const char* name : {"client_id", "client_secret", "client_assertion", "client_assertion_type"}) fields->erase(name);
  }
}

TokenRequest code_request(const ServerMetadata& server, const Client& client, const std::string& code,
                          const std::string& redirect_uri, const std::string& verifier, const std::string& resource) {
  auto request = start(server.token_endpoint, "token request");
  request.params.set("grant_type", "authorization_code").set("code", code);
  if (!redirect_uri.empty()) request.params.set("redirect_uri", redirect_uri);
  if (!verifier.empty()) request.params.set("code_verifier", verifier);
  if (!resource.empty()) request.params.set("resource", resource);
  request.authenticate(client);
  return request;
}

TokenRequest refresh_request(const ServerMetadata& server, const Client& client, const std::string& refresh_token,
                             const std::string& scope, const std::string& resource) {
  auto request = start(server.token_endpoint, "refresh request");
  request.params.set("grant_type", "refresh_token").set("refresh_token", refresh_token);
  if (!scope.empty()) request.params.set("scope", scope);
  if (!resource.empty()) request.params.set("resource", resource);
  request.authenticate(client);
  return request;
}

TokenRequest client_credentials_request(const ServerMetadata& server, const Client& client, const std::string& scope,
                                        const std::string& resource) {
  return grant_request(server, client, "client_credentials", scope, resource);
}

TokenRequest assertion_request(const ServerMetadata& server, const Client& client, const std::string& assertion,
                               const std::string& scope, const std::string& resource) {
  auto request = grant_request(server, client, "urn:ietf:params:oauth:grant-type:jwt-bearer", scope, resource);
  request.params.set("assertion", assertion);
  return request;
}

TokenRequest exchange_request(const ServerMetadata& server, const Client& client, const Exchange& exchange) {
  auto request =
      grant_request(server, client, "urn:ietf:params:oauth:grant-type:token-exchange", exchange.scope, exchange.resource);
  request.params.set("subject_token", exchange.subject_token)
      .set("subject_token_type", exchange.subject_token_type)
      .set("requested_token_type", exchange.requested_token_type);
  if (!exchange.audience.empty()) request.params.set("audience", exchange.audience);
  return request;
}

Result<TokenAnswer> request_token(net::Recorder& recorder, Redactor& redactor, Clock& clock, const TokenRequest& request,
                                  Prover* prover) {
  if (request.url.empty()) return failure(Error::Kind::unavailable, "the authorization server has no token endpoint");
  auto reply = MCPROVE_TRY(send_proven(recorder, request, prover));
  const auto document = object_of(reply.response);
  hide_tokens(redactor, document);
  auto out = answered(std::move(reply));
  const auto& response = out.reply.response;
  if (!succeeded(response)) return out;
  if (!document.string("access_token").value_or("").empty()) {
    out.answer = Answer::accepted;
    out.tokens = read_tokens(document, out.reply, clock);
    out.why = fmt::format("{} with an access token", response.status);
  } else if (!out.error.empty() && !is_passing(out.error)) {
    out.answer = Answer::denied;
  } else {
    out.why += " and no access token";
  }
  return out;
}

TokenRequest pushed_request(const ServerMetadata& server, const Client& client, const net::Params& authorization) {
  auto request = start(server.pushed_authorization_request_endpoint, "pushed authorization request");
  request.params = authorization;
  request.authenticate(client);
  return request;
}

Result<Pushed> push(net::Recorder& recorder, const TokenRequest& request, Prover* prover) {
  if (request.url.empty())
    return failure(Error::Kind::unavailable, "the authorization server has no endpoint for pushed authorization requests");
  Pushed out;
  auto reply = MCPROVE_TRY(send_proven(recorder, request, prover));
  const auto document = object_of(reply.response);
  out.request_uri = succeeded(reply.response) ? document.string("request_uri").value_or("") : std::string();
  static_cast<TokenAnswer&>(out) = answered(std::move(reply));
  if (!out.request_uri.empty()) out.answer = Answer::accepted;
  return out;
}

Result<TokenAnswer> revoke(net::Recorder& recorder, const ServerMetadata& server, const Client& client, const std::string& token,
                           const std::string& hint, const Signing& signing) {
  if (server.revocation_endpoint.empty())
    return failure(Error::Kind::unavailable, "the authorization server has no revocation endpoint");
  auto request = start(server.revocation_endpoint, "token revocation");
  request.params.set("token", token);
  if (!hint.empty()) request.params.set("token_type_hint", hint);
  request.authenticate(client);
  MCPROVE_TRY(sign(request, signing));
  auto out = answered(MCPROVE_TRY(recorder.send(to_wire(request))));
  if (out.reply.response.status == 200 && !net::is_html(out.reply.response))
    out.answer = out.error.empty() ? Answer::accepted : Answer::denied;
  return out;
}

TokenRequest introspection_request(const std::string& endpoint, const std::string& token) {
  auto request = start(endpoint, "introspection");
  request.params.set("token", token);
  return request;
}

Result<TokenAnswer> introspect(net::Recorder& recorder, const TokenRequest& request) {
  if (request.url.empty()) return failure(Error::Kind::unavailable, "the authorization server has no introspection endpoint");
  auto out = answered(MCPROVE_TRY(recorder.send(to_wire(request))));
  const auto& response = out.reply.response;
  if (response.status != 200) return out;
  const auto document = object_of(response);
  if (document.boolean("active")) {
    out.answer = Answer::accepted;
    Tokens tokens;
    tokens.document = document;
    tokens.exchange = out.reply.id;
    out.tokens = std::move(tokens);
  } else if (!out.error.empty() && !is_passing(out.error)) {
    out.answer = Answer::denied;
  } else {
    out.why += " and no `active`";
  }
  return out;
}

}  // namespace mcprove::oauth
