#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/lab/as_client.h"

namespace mcprove::lab::testing {

using Json = nlohmann::json;

/// What an attack may use.
struct Stage {
  explicit Stage(const std::vector<Flaw>& flaws, TokenFormat format) : server(flaws, format) {}

  std::string code(const Fields& request) { return query(agent.authorize(request), "code"); }
  std::string code() { return code(client.authorization()); }
  Json redeem(const Fields& form) { return agent.json("/token", form); }
  bool issued(const Fields& form) { return redeem(form).contains("access_token"); }
  bool authorized(const Fields& request) { return !code(request).empty(); }
  bool registered(const std::string& uri) { return agent.register_client({{"redirect_uris", {uri}}})["status"] == 201; }
  /// Whether a code for the web client would go to this address.
  bool redirects(const std::string& registered_uri, const std::string& asked) {
    const Registered web(server, agent, registered_uri);
    return authorized(with(web.authorization(), "redirect_uri", asked));
  }
  bool good(const Json& tokens) {
    return server.validator->validate(tokens.value("access_token", ""), server.resource()).has_value();
  }
  std::optional<TokenFacts> facts(const Json& tokens) {
    return server.validator->validate(tokens.value("access_token", ""), server.resource());
  }
  Json metadata() {
    const auto answer = agent.get("/.well-known/oauth-authorization-server");
    return Json::parse(answer->body, nullptr, false);
  }
  Json keys() { return Json::parse(agent.get("/jwks")->body)["keys"]; }
  httplib::Headers introspector(const std::string& resource) {
    return {httplib::make_basic_authentication_header(server.as->introspection_client_id(resource),
                                                      server.as->introspection_client_secret(resource))};
  }
  std::string userinfo(const httplib::Headers& headers) { return agent.get("/userinfo", {}, headers)->body; }
  /// A confidential client for Basic authentication.
  std::pair<Registered, httplib::Headers> confidential() {
    const auto made = agent.register_client({{"redirect_uris", {redirect}}});
    Registered named(server, agent);
    named.id = made.value("client_id", "");
    return {named, {httplib::make_basic_authentication_header(named.id, made.value("client_secret", ""))}};
  }

  Server server;
  Agent agent{server.host.origin()};
  Registered client{server, agent};
};

/// An attack succeeds on a server with the flaw, and on no sound one.
using Attack = std::function<bool(Stage&)>;

using Attacks = std::map<std::string_view, Attack>;  ///< by the flaw's name

Attacks front_channel_attacks();  ///< discovery, registration, authorization, pkce
Attacks back_channel_attacks();   ///< token, its scope, lifetime and audience, introspection, userinfo, revocation

}  // namespace mcprove::lab::testing
