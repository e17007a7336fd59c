#include "client/registrar.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/client_auth.h"
#include "oauth/register.h"

namespace mcprove::client {

namespace {

const Conduct& conduct_of(const Setting& setting) {
  static const Conduct sound;
  return setting.conduct == nullptr ? sound : *setting.conduct;
}

std::vector<std::string> grant_types(GrantType type) {
  switch (type) {
    case GrantType::authorization_code: return {"authorization_code", "refresh_token"};
    case GrantType::client_credentials: return {"client_credentials"};
    case GrantType::jwt_bearer:
    case GrantType::enterprise: return {"urn:ietf:params:oauth:grant-type:jwt-bearer"};
  }
  return {};
}

}  // namespace

Registrar::Registrar(Setting setting, const ClientOptions& options, GrantType grant_type)
    : setting_(setting), options_(options), grant_type_(grant_type), bound_(options.issuer) {
  if (!options_.secret.empty()) {
    setting_.redactor.add("client_secret", options_.secret);
    setting_.redactor.add_basic_pair(text::percent_encode(options_.id), text::percent_encode(options_.secret));
  }
}

/// The user's client, if it is one of this issuer's. Where it was registered may not have been said: then the first issuer
/// it is used at is its own from there on.
std::optional<oauth::Client> Registrar::given(const oauth::ServerMetadata& server, std::string& why) {
  if (options_.id.empty()) return std::nullopt;
  if (bound_.empty()) bound_ = server.issuer;
  oauth::Client client;
  client.issuer = bound_;
  client.id = options_.id;
  client.secret = options_.secret;
  client.key = options_.key;
  client.auth_method = options_.auth_method.empty() ? oauth::method_for(server, client.key.has_value(), !client.secret.empty())
                                                    : options_.auth_method;
  if (client.key) client.signing_alg = oauth::algorithm_for(server, *client.key, options_.signing_alg);
  else client.signing_alg = options_.signing_alg;
  client.redirect_uris = {options_.redirect_uri};
  client.dynamic = false;
  if (!conduct_of(setting_).may_use(client, server.issuer)) {
    why = fmt::format("the client {} was made for {}", text::one_line(client.id, 80), text::one_line(bound_, 120));
    return std::nullopt;
  }
  if (client.auth_method.empty()) {
    why = "the server takes none of the ways in which the given client could authenticate";
    return std::nullopt;
  }
  return client;
}

oauth::Client Registrar::document_client(const oauth::ServerMetadata& server) const {
  oauth::Client client;
  client.issuer = server.issuer;
  client.id = options_.cimd_url;
  client.auth_method = options_.key ? "private_key_jwt" : "none";
  client.key = options_.key;
  if (client.key) client.signing_alg = oauth::algorithm_for(server, *client.key, options_.signing_alg);
  client.redirect_uris = {options_.redirect_uri};
  client.name = options_.name;
  client.dynamic = false;
  return client;
}

Result<oauth::Client> Registrar::register_now(const oauth::ServerMetadata& server) {
  oauth::Registration wanted;
  wanted.name = options_.name;
  wanted.redirect_uris = {options_.redirect_uri};
  wanted.grant_types = grant_types(grant_type_);
  if (grant_type_ != GrantType::authorization_code) {
    wanted.redirect_uris.clear();
    wanted.response_types.clear();
  }
  if (!options_.software_statement.empty())
    wanted.extra = json::Value::object({{"software_statement", json::str(options_.software_statement)}});
  oauth::RegistrationChoices choices;
  choices.auth_method = options_.auth_method;
  choices.key = options_.key;
  choices.confidential = grant_type_ != GrantType::authorization_code;
  choices.initial_access_token = options_.initial_access_token;
  return oauth::register_with_fallbacks(setting_.recorder, setting_.redactor, server, wanted, choices);
}

Result<oauth::Client> Registrar::client_at(const oauth::ServerMetadata& server) {
  std::string why;
  if (auto client = given(server, why)) return *std::move(client);
  const auto& conduct = conduct_of(setting_);
  for (const auto& [issuer, client] : known_)
    if (conduct.may_use(client, server.issuer)) return client;
  if (setting_.keeper != nullptr && !forgotten_.contains(server.issuer)) {
    if (auto kept = setting_.keeper->find_client(server.issuer); kept && conduct.may_use(*kept, server.issuer)) {
      remember(*kept);
      return *std::move(kept);
    }
  }
  if (!options_.cimd_url.empty() && server.cimd_supported) return document_client(server);
  if (server.registration_endpoint.empty()) {
    return failure(Error::Kind::registration, fmt::format("{} registers no clients{}", text::one_line(server.issuer, 120),
                                                          why.empty() ? ", and no client id was given" : "; " + why));
  }
  auto client = MCPROVE_TRY(register_now(server));
  remember(client);
  return client;
}

bool Registrar::forget(const oauth::Client& client) {
  if (!client.dynamic || !forgotten_.insert(client.issuer).second) return false;
  known_.erase(client.issuer);
  return true;
}

}  // namespace mcprove::client
