#include "oauth/client_plan.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/client_auth.h"

namespace mcprove::oauth {

std::vector<std::string> grant_types_of(const ClientPlan& plan) {
  switch (plan.grant_type) {
    case GrantType::authorization_code: return {"authorization_code", "refresh_token"};
    case GrantType::client_credentials: return {"client_credentials"};
    case GrantType::jwt_bearer:
    case GrantType::enterprise: return {"urn:ietf:params:oauth:grant-type:jwt-bearer"};
  }
  return {};
}

json::Value metadata_document(const ClientPlan& plan) {
  Registration about;
  about.name = plan.name;
  about.redirect_uris = {plan.redirect_uri};
  about.auth_method = plan.key ? "private_key_jwt" : "none";
  if (!plan.application_type.empty()) about.application_type = plan.application_type;
  about.grant_types = grant_types_of(plan);
  if (plan.grant_type != GrantType::authorization_code) {
    about.redirect_uris.clear();
    about.response_types.clear();
  }
  about.extra = json::Value::object({{"client_id", json::str(plan.cimd_url)}});
  if (plan.key) {
    const auto keys = json::Value::object({{"keys", json::Value::array({plan.key->public_jwk()})}});
    about.extra = about.extra.with("jwks", keys);
  }
  return about.document();
}

Client document_client(const ClientPlan& plan, const ServerMetadata& server) {
  Client client;
  client.issuer = server.issuer;
  client.id = plan.cimd_url;
  client.auth_method = plan.key ? "private_key_jwt" : "none";
  client.key = plan.key;
  if (client.key) client.signing_alg = algorithm_for(server, *client.key, plan.signing_alg);
  client.redirect_uris = {plan.redirect_uri};
  client.name = plan.name;
  client.dynamic = false;
  return client;
}

Result<Client> given_client(const ClientPlan& plan, const ServerMetadata& server, const std::string& issuer) {
  Client client;
  client.issuer = issuer;
  client.id = plan.id;
  client.secret = plan.secret;
  client.key = plan.key;
  client.auth_method =
      plan.auth_method.empty() ? method_for(server, client.key.has_value(), !client.secret.empty()) : plan.auth_method;
  client.signing_alg = client.key ? algorithm_for(server, *client.key, plan.signing_alg) : plan.signing_alg;
  client.redirect_uris = {plan.redirect_uri};
  client.name = plan.name;
  client.dynamic = false;
  if (client.auth_method.empty())
    return failure(Error::Kind::registration, "the server takes none of the ways in which the given client could authenticate");
  return client;
}

void hide_secrets(const ClientPlan& plan, Redactor& redactor) {
  const auto hide = [&](std::string_view kind, const std::string& secret) {
    if (!secret.empty()) redactor.add(kind, secret);
  };
  hide("client_secret", plan.secret);
  if (!plan.secret.empty()) redactor.add_basic_pair(text::percent_encode(plan.id), text::percent_encode(plan.secret));
  hide("initial_access_token", plan.initial_access_token);
  hide("software_statement", plan.software_statement);
  hide("assertion", plan.assertion);
  hide("client_secret", plan.enterprise.client_secret);
  if (!plan.enterprise.client_secret.empty()) {
    redactor.add_basic_pair(text::percent_encode(plan.enterprise.client_id), text::percent_encode(plan.enterprise.client_secret));
  }
  hide("id_token", plan.enterprise.id_token);
}

}  // namespace mcprove::oauth
