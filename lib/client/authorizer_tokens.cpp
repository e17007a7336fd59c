// Where each kind of grant's token comes from.
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "client/authorizer.h"
#include "oauth/client_auth.h"
#include "oauth/flow.h"

namespace mcprove::client {

namespace {

constexpr const char* id_token_type = "urn:ietf:params:oauth:token-type:id_token";
constexpr const char* id_jag_type = "urn:ietf:params:oauth:token-type:id-jag";

}  // namespace

Result<oauth::TokenAnswer> Authorizer::send(oauth::TokenRequest request, const oauth::ServerMetadata& server,
                                            const oauth::Client& client) {
  MCPROVE_TRY(oauth::add_assertion(request, client, server.issuer, {setting_.clock, setting_.random, setting_.redactor}));
  return oauth::request_token(setting_.recorder, setting_.redactor, setting_.clock, request, prover_.get());
}

Result<oauth::TokenAnswer> Authorizer::token_from(const Place& place, const oauth::Client& client, const std::string& scope) {
  const auto& server = place.server;
  switch (options_.grant_type) {
    case GrantType::authorization_code: return by_person(place, client, scope);
    case GrantType::client_credentials:
      return send(oauth::client_credentials_request(server, client, scope, place.resource), server, client);
    case GrantType::jwt_bearer:
      return send(oauth::assertion_request(server, client, options_.assertion, scope, place.resource), server, client);
    case GrantType::enterprise: {
      const auto assertion = MCPROVE_TRY(id_jag(place, scope));
      return send(oauth::assertion_request(server, client, assertion, scope, place.resource), server, client);
    }
  }
  return failure(Error::Kind::usage, "no such grant type");
}

Result<oauth::TokenAnswer> Authorizer::by_person(const Place& place, const oauth::Client& client, const std::string& scope) {
  oauth::LoginOptions login;
  login.login_origins = options_.login_origins;
  login.login_origins.insert(url_.origin());
  login.any_loopback_origin = url_.is_loopback_host();
  const bool can_push = !place.server.pushed_authorization_request_endpoint.empty();
  oauth::Flow::Setting setting{.recorder = setting_.recorder,
                               .redactor = setting_.redactor,
                               .random = setting_.random,
                               .clock = setting_.clock,
                               .driver = setting_.driver,
                               .jar = setting_.jar,
                               .server = place.server,
                               .login = std::move(login),
                               .default_client = client,
                               .default_scope = scope,
                               .default_resource = place.resource,
                               .profile = conduct().profile(),
                               .push = can_push && (options_.push || place.server.par_required),
                               .prover = prover_.get()};
  auto result = MCPROVE_TRY(conduct().flow().run(setting));
  if (result.token) return *std::move(result.token);
  // A flow that ended before the token endpoint has no answer of it to show.
  return failure(Error::Kind::login, result.why.empty() ? "nobody could be logged in" : result.why);
}

/// RFC 8693 with the ID-JAG profile: the person's ID token for an assertion that is good at this authorization server only.
Result<std::string> Authorizer::id_jag(const Place& place, const std::string& scope) {
  const auto& company = options_.enterprise;
  oauth::ServerMetadata provider;
  provider.issuer = company.issuer;
  provider.token_endpoint = company.token_endpoint;
  for (const auto& named : {company.issuer, company.token_endpoint})  // both are the user's own words
    if (const auto url = net::Url::parse(named)) setting_.recorder.scope().name_origin(url->origin(), net::Reach::honest);
  if (provider.token_endpoint.empty()) {
    provider = MCPROVE_TRY(oauth::discover_server(setting_.recorder, company.issuer, nullptr, oauth::Search::first));
    if (!conduct().is_issuer(provider.claimed_issuer, company.issuer))
      return failure(Error::Kind::malformed, fmt::format("the metadata of the identity provider {} names another issuer",
                                                         text::one_line(company.issuer, 120)));
  }
  oauth::Client at_provider;
  at_provider.issuer = provider.issuer;
  at_provider.id = company.client_id;
  at_provider.secret = company.client_secret;
  at_provider.auth_method = company.client_secret.empty() ? "none" : oauth::method_for(provider, false, true);
  auto request = oauth::exchange_request(provider, at_provider,
                                         {.subject_token = company.id_token,
                                          .subject_token_type = id_token_type,
                                          .requested_token_type = id_jag_type,
                                          .audience = place.server.issuer,
                                          .resource = place.resource,
                                          .scope = scope});
  auto answer = MCPROVE_TRY(oauth::request_token(setting_.recorder, setting_.redactor, setting_.clock, request));
  if (!answer.tokens) return failure(Error::Kind::login, "the identity provider gave no assertion: " + answer.why);
  if (answer.tokens->document.string("issued_token_type") != id_jag_type)
    return failure(Error::Kind::login, "the identity provider gave something other than an ID-JAG");
  return answer.tokens->access_token;
}

}  // namespace mcprove::client
