// Where each kind of grant's token comes from.
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "client/authorizer.h"
#include "oauth/enterprise.h"
#include "oauth/flow.h"

namespace mcprove::client {

Result<oauth::TokenAnswer> Authorizer::send(oauth::TokenRequest request) {
  MCPROVE_TRY(oauth::sign(request, {setting_.clock, setting_.random, setting_.redactor}));
  return oauth::request_token(setting_.recorder, setting_.redactor, setting_.clock, request, prover_.get());
}

Result<oauth::TokenAnswer> Authorizer::token_from(const Place& place, const oauth::Client& client, const std::string& scope) {
  const auto& server = place.server;
  switch (options_.client.grant_type) {
    case GrantType::authorization_code: return by_person(place, client, scope);
    case GrantType::client_credentials: return send(oauth::client_credentials_request(server, client, scope, place.resource));
    case GrantType::jwt_bearer:
      return send(oauth::assertion_request(server, client, options_.client.assertion, scope, place.resource));
    case GrantType::enterprise: {
      const auto assertion = MCPROVE_TRY(id_jag(place, scope));
      return send(oauth::assertion_request(server, client, assertion, scope, place.resource));
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
                               .push = can_push && (options_.client.push || place.server.par_required),
                               .prover = prover_.get()};
  auto result = MCPROVE_TRY(conduct().flow().run(setting));
  if (result.token) return *std::move(result.token);
  // A flow that ended before the token endpoint has no answer of it to show.
  return failure(Error::Kind::login, result.why.empty() ? "nobody could be logged in" : result.why);
}

Result<std::string> Authorizer::id_jag(const Place& place, const std::string& scope) {
  const auto& company = options_.client.enterprise;
  auto provider = oauth::identity_provider(company, setting_.recorder.scope());
  if (provider.token_endpoint.empty()) {
    provider = MCPROVE_TRY(oauth::discover_server(setting_.recorder, company.issuer, nullptr, oauth::Search::first));
    if (!conduct().is_issuer(provider.claimed_issuer, company.issuer))
      return failure(Error::Kind::malformed, fmt::format("the metadata of the identity provider {} names another issuer",
                                                         text::one_line(company.issuer, 120)));
  }
  return oauth::id_jag(setting_.recorder, {setting_.clock, setting_.random, setting_.redactor}, provider, company,
                       place.server.issuer, place.resource, scope);
}

}  // namespace mcprove::client
