#include "client/registrar.h"

#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "oauth/reception.h"
#include "oauth/register.h"

namespace mcprove::client {

namespace {

const Conduct& conduct_of(const Setting& setting) {
  static const Conduct sound;
  return setting.conduct == nullptr ? sound : *setting.conduct;
}

}  // namespace

Registrar::Registrar(Setting setting, const ClientOptions& options)
    : setting_(setting), options_(options), bound_(options.issuer) {
  oauth::hide_secrets(options_, setting_.redactor);
}

/// The user's client, if it is one of this issuer's. Where it was registered may not have been said: then the first issuer
/// it is used at is its own from there on.
std::optional<oauth::Client> Registrar::given(const oauth::ServerMetadata& server, std::string& why) {
  if (options_.id.empty()) return std::nullopt;
  if (bound_.empty()) bound_ = server.issuer;
  auto client = oauth::given_client(options_, server, bound_);
  if (!client) {
    why = client.error().message;
    return std::nullopt;
  }
  if (!conduct_of(setting_).may_use(*client, server.issuer)) {
    why = fmt::format("the client {} was made for {}", text::one_line(client->id, 80), text::one_line(bound_, 120));
    return std::nullopt;
  }
  return *std::move(client);
}

Result<oauth::Client> Registrar::register_now(const oauth::ServerMetadata& server) {
  oauth::Registration wanted;
  wanted.name = options_.name;
  wanted.redirect_uris = {oauth::receivable(options_.redirect_uri, setting_.driver)};
  wanted.grant_types = oauth::grant_types_of(options_);
  const bool by_person = options_.grant_type == GrantType::authorization_code;
  if (!by_person) {
    wanted.redirect_uris.clear();
    wanted.response_types.clear();
  }
  const auto send = [&](const oauth::Registration& document) {
    return oauth::register_client(setting_.recorder, setting_.redactor, server, document, options_.initial_access_token);
  };
  const auto choices = oauth::choices_of(options_, wanted);
  return oauth::register_with_fallbacks(send, server, wanted, choices);
}

Result<oauth::Client> Registrar::client_at(const oauth::ServerMetadata& server) {
  std::string why;
  if (auto client = given(server, why)) return *std::move(client);
  const auto& conduct = conduct_of(setting_);
  for (const auto& [issuer, client] : known_)
    if (conduct.may_use(client, server.issuer)) return client;
  if (setting_.keeper != nullptr && !forgotten_.contains(server.issuer)) {
    auto kept = setting_.keeper->find_client(server.issuer);
    // Where its redirect cannot be received, because another program has the port, a new client is better than none.
    if (kept && conduct.may_use(*kept, server.issuer) && oauth::can_receive(kept->redirect_uris, setting_.driver)) {
      remember(*kept);
      return *std::move(kept);
    }
  }
  if (!options_.cimd_url.empty() && server.cimd_supported) return oauth::document_client(options_, server);
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
