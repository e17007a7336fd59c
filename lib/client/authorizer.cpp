#include "client/authorizer.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace mcprove::client {

namespace {

std::set<std::string> scopes_in(const std::string& text) {
  const auto words = text::words(text);
  return {words.begin(), words.end()};
}

/// Every scope once, in the order they were first met.
std::string joined(const std::string& first, const std::string& second) {
  std::vector<std::string> all;
  for (auto& scope : text::words(first + " " + second))
    if (std::find(all.begin(), all.end(), scope) == all.end()) all.push_back(std::move(scope));
  return text::join(all, " ");
}

std::string granted_scope(const oauth::StoredGrant& grant) { return grant.scope.value_or(grant.requested_scope); }

bool is(const std::string& token_type, std::string_view wanted) { return text::iequals(token_type, wanted); }

std::string proof_alg(const Place& place) {
  auto alg = oauth::proof_algorithm(place.server.dpop_signing_algs);
  return alg.empty() ? "ES256" : alg;
}

/// RFC 6749 section 7.1: a token of a type that one does not understand is not used.
Result<void> understood(const oauth::Tokens& tokens, bool must_be_bound) {
  // RFC 6750 section 2.1: what is not visible ASCII would end the header field, or begin another.
  if (!std::ranges::all_of(tokens.access_token, [](char c) { return c > 0x20 && c < 0x7f; }))
    return failure(Error::Kind::login, "the access token holds characters that no header field may carry");
  if (is(tokens.token_type, "DPoP") || (is(tokens.token_type, "Bearer") && !must_be_bound)) return {};
  return failure(Error::Kind::login,
                 fmt::format("the token is of type \"{}\", which is not used{}", text::one_line(tokens.token_type, 40),
                             must_be_bound ? ": it must be bound to a key" : ""));
}

}  // namespace

Authorizer::Authorizer(Setting setting, const Options& options, net::Url url)
    : setting_(setting), options_(options), url_(std::move(url)), registrar_(setting, options.client) {
  // A grant that cannot be used, for want of its key, is as good as none.
  if (options_.grant && !use(*options_.grant)) grant_.reset();
}

const Conduct& Authorizer::conduct() const {
  static const Conduct sound;
  return setting_.conduct == nullptr ? sound : *setting_.conduct;
}

Result<void> Authorizer::use(oauth::StoredGrant grant) {
  grant.hide_secrets(setting_.redactor);
  if (!grant.proof_key.empty() && !prover_) {
    const auto jwk = MCPROVE_TRY(json::parse(grant.proof_key));
    prover_ = std::make_unique<oauth::Prover>(MCPROVE_TRY(jose::Key::from_jwk(jwk)), setting_.clock, setting_.random);
  }
  if (const auto endpoint = net::Url::parse(grant.token_endpoint))
    setting_.recorder.scope().found_origin(endpoint->origin(), net::Reach::honest);
  if (grant.client.dynamic) registrar_.remember(grant.client);
  grant_ = std::move(grant);
  return {};
}

void Authorizer::present(net::Request& request) const {
  const auto target = net::Url::parse(request.url);
  if (!grant_ || grant_->access_token.empty() || !target || !target->same_origin(url_)) return;
  if (!is(grant_->token_type, "DPoP")) {
    request.headers.set("Authorization", "Bearer " + grant_->access_token);
    return;
  }
  request.headers.set("Authorization", "DPoP " + grant_->access_token);
  if (!prover_) return;
  if (auto proof = conduct().proof(*prover_, request.method, request.url, grant_->access_token))
    request.headers.set("DPoP", *std::move(proof));
}

void Authorizer::heard(const net::Request& request, const net::Response& response) {
  if (prover_) prover_->learn(request.url, response.headers);
}

void Authorizer::begin() {
  rounds_ = 0;
  refreshed_ = false;
  nonce_used_ = false;
}

void Authorizer::freshen() {
  if (grant_ && !grant_->refresh_token.empty() && grant_->expired(setting_.clock.now())) static_cast<void>(refresh());
}

Result<void> Authorizer::satisfy(const Demand& demand, bool nonce) {
  if (nonce && prover_ && !std::exchange(nonce_used_, true)) return {};
  if (demand.more_scope) return widen(demand);
  if (grant_ && !grant_->refresh_token.empty() && !refreshed_ && refresh()) return {};
  return authorize(demand);
}

Result<void> Authorizer::authorize(const Demand& demand) {
  return authorize_for(demand, demand.more_scope && grant_ ? joined(grant_->requested_scope, demand.scope) : options_.scope);
}

/// 2025-11-25, scope challenge handling; 2026-07-28: what was asked for before is asked for again.
Result<void> Authorizer::widen(const Demand& demand) {
  if (!grant_) return authorize(demand);
  const auto wanted = joined(joined(grant_->requested_scope, granted_scope(*grant_)), demand.scope);
  const auto have = scopes_in(granted_scope(*grant_));
  const auto asked = scopes_in(demand.scope);
  if (asked.empty() || std::ranges::all_of(asked, [&](const std::string& scope) { return have.contains(scope); })) {
    return failure(Error::Kind::login, demand.scope.empty()
                                           ? std::string("the server wants more scope and does not say which")
                                           : fmt::format("the server wants the scope \"{}\", which the token has",
                                                         text::one_line(demand.scope, 120)));
  }
  auto wider = authorize_for(demand, wanted);
  if (!wider)
    wider.error().message = fmt::format("the server wants the scope \"{}\" too; to ask for it failed: {}",
                                        text::one_line(demand.scope, 120), wider.error().message);
  return wider;
}

Result<void> Authorizer::refresh() {
  refreshed_ = true;
  const auto renewed = [&](const oauth::StoredGrant& now) -> Result<oauth::StoredGrant> {
    oauth::ServerMetadata server;
    server.issuer = now.client.issuer;
    server.token_endpoint = now.token_endpoint;
    auto request = oauth::refresh_request(server, now.client, now.refresh_token, {}, now.resource);
    auto answer = MCPROVE_TRY(send(std::move(request)));
    if (!answer.tokens) return failure(Error::Kind::login, "the refresh was refused: " + answer.why);
    MCPROVE_TRY(understood(*answer.tokens, !now.proof_key.empty()));
    auto fresh = now;
    fresh.take(*answer.tokens);
    return fresh;
  };
  Keeper nobody;
  auto& keeper = setting_.keeper == nullptr ? nobody : *setting_.keeper;
  auto fresh = keeper.renew(*grant_, renewed);
  if (!fresh) return tl::unexpected(std::move(fresh).error());
  MCPROVE_TRY(use(*std::move(fresh)));
  keeper.keep(*grant_);
  return {};
}

/// MCP scope selection strategy: the challenge's, else all that the resource names, else none; and offline_access only
/// where the authorization server lists it (2026-07-28, refresh tokens).
std::string Authorizer::guided_scope(const Place& place, const Demand& demand) const {
  auto scope = demand.scope.empty() ? text::join(place.scopes_supported, " ") : demand.scope;
  const auto& listed = place.server.scopes_supported;
  const bool offline = std::find(listed.begin(), listed.end(), "offline_access") != listed.end();
  if (!scope.empty() && offline && options_.client.grant_type == GrantType::authorization_code)
    scope = joined(scope, "offline_access");
  return scope;
}

Result<void> Authorizer::prepare_proofs(const Place& place) {
  const auto alg = oauth::proof_algorithm(place.server.dpop_signing_algs);
  // What was found out the hard way is not forgotten: an authorization server may bind all that it issues.
  const bool bound = prover_ && grant_ && !grant_->proof_key.empty() && grant_->client.issuer == place.server.issuer;
  const bool wanted = bound || options_.client.dpop == Dpop::always || place.dpop_required ||
                      (options_.client.dpop == Dpop::automatic && place.dpop_wanted && !alg.empty());
  if (!wanted || options_.client.dpop == Dpop::never) {
    prover_.reset();
    return {};
  }
  // One key for as long as the connection lives; another issuer gets another.
  if (prover_ && grant_ && grant_->client.issuer == place.server.issuer) return {};
  auto key = MCPROVE_TRY(jose::Key::generate(proof_alg(place)));
  prover_ = std::make_unique<oauth::Prover>(std::move(key), setting_.clock, setting_.random);
  return {};
}

Result<void> Authorizer::authorize_for(const Demand& demand, const std::string& wanted_scope) {
  if (rounds_++ >= conduct().most_rounds())
    return failure(Error::Kind::login, fmt::format("the server still refuses after {} authorizations", conduct().most_rounds()));
  DiscoveryOptions where{url_, options_.client.grant_type == GrantType::authorization_code, registrar_.bound_issuer(),
                         options_.trusted_origins};
  if (where.preferred_issuer.empty() && grant_) where.preferred_issuer = grant_->client.issuer;
  const auto place = MCPROVE_TRY(discover(setting_.recorder, where, demand, conduct()));
  MCPROVE_TRY(prepare_proofs(place));
  const auto scope = wanted_scope.empty() ? guided_scope(place, demand) : wanted_scope;
  for (;;) {
    const auto client = MCPROVE_TRY(registrar_.client_at(place.server));
    const auto answer = MCPROVE_TRY(token_from(place, client, scope));
    if (answer.tokens) return take(place, client, scope, *answer.tokens);
    // An authorization server may bind all that it issues, whatever the resource says (RFC 9449 section 5).
    if (answer.error == "invalid_dpop_proof" && !prover_ && options_.client.dpop == Dpop::automatic) {
      auto key = MCPROVE_TRY(jose::Key::generate(proof_alg(place)));
      prover_ = std::make_unique<oauth::Prover>(std::move(key), setting_.clock, setting_.random);
      continue;
    }
    const bool unknown = answer.error == "invalid_client" || answer.error == "unauthorized_client";
    if (!unknown || !registrar_.forget(client)) return failure(Error::Kind::login, "no token: " + answer.why);
  }
}

Result<void> Authorizer::take(const Place& place, const oauth::Client& client, const std::string& scope,
                              const oauth::Tokens& tokens) {
  MCPROVE_TRY(understood(tokens, place.dpop_required || options_.client.dpop == Dpop::always));
  oauth::StoredGrant grant;
  grant.target = url_.text();
  grant.resource = place.resource;
  grant.person = options_.person;
  grant.login = options_.login;
  grant.client = client;
  grant.requested_scope = scope;
  grant.token_endpoint = place.server.token_endpoint;
  grant.revocation_endpoint = place.server.revocation_endpoint;
  grant.take(tokens);
  if (is(tokens.token_type, "DPoP") && prover_) grant.proof_key = prover_->key().private_jwk().dump();
  MCPROVE_TRY(use(std::move(grant)));
  if (setting_.keeper != nullptr) setting_.keeper->keep(*grant_);
  return {};
}

}  // namespace mcprove::client
