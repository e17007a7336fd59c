#include "fixtures/core/crypto.h"
#include "tests/lab/as_attacks.h"

namespace mcprove::lab::testing {
namespace {

using std::string;

const string wrong_verifier(43, 'x');

}  // namespace

Attacks back_channel_attacks() {
  return {
      // token
      {"code-reusable",
       [](Stage& s) {
         const auto form = s.client.redemption(s.code());
         return s.issued(form) && s.issued(form);
       }},
      {"replay-revokes-nothing",
       [](Stage& s) {
         const auto form = s.client.redemption(s.code());
         const auto tokens = s.redeem(form);
         return !s.issued(form) && s.good(tokens);
       }},
      {"bad-replay-revokes",
       [](Stage& s) {
         const auto form = s.client.redemption(s.code());
         const auto tokens = s.redeem(form);
         return !s.issued(with(form, "code_verifier", wrong_verifier)) && !s.good(tokens);
       }},
      {"code-not-bound-to-client",
       [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "client_id", Registered(s.server, s.agent).id)); }},
      {"client-id-not-needed", [](Stage& s) { return s.issued(without(s.client.redemption(s.code()), "client_id")); }},
      {"code-not-bound-to-redirect",
       [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "redirect_uri", "https://evil.example/")); }},
      {"refresh-token-not-rotated",
       [](Stage& s) {
         const auto form = s.client.refreshing(s.client.grant(s.agent)["refresh_token"]);
         return s.issued(form) && s.issued(form);
       }},
      {"used-refresh-token-accepted",
       [](Stage& s) {
         const auto form = s.client.refreshing(s.client.grant(s.agent)["refresh_token"]);
         return s.redeem(form)["refresh_token"] != form[1].second && s.issued(form);
       }},
      {"refresh-family-survives-reuse",
       [](Stage& s) {
         const auto form = s.client.refreshing(s.client.grant(s.agent)["refresh_token"]);
         const auto second = s.redeem(form);
         return !s.issued(form) && s.issued(s.client.refreshing(second["refresh_token"]));
       }},
      {"refresh-not-bound-to-client",
       [](Stage& s) {
         return s.issued(
             with(s.client.refreshing(s.client.grant(s.agent)["refresh_token"]), "client_id", Registered(s.server, s.agent).id));
       }},
      {"client-secret-not-checked",
       [](Stage& s) {
         const auto [own, headers] = s.confidential();
         return s.issued(own.redemption(s.code(own.authorization())));
       }},
      {"token-endpoint-answers-get",
       [](Stage& s) { return s.agent.get("/token", s.client.redemption(s.code()))->status == 200; }},
      {"token-response-cacheable",
       [](Stage& s) { return !s.agent.post("/token", s.client.redemption(s.code()))->has_header("Cache-Control"); }},
      // token-scope
      {"default-scope-is-everything",
       [](Stage& s) {
         return s.redeem(s.client.redemption(s.code(without(s.client.authorization(), "scope"))))
                    .value("scope", "")
                    .find("admin") != string::npos;
       }},
      {"scope-request-ignored",
       [](Stage& s) { return s.client.grant(s.agent).value("scope", "").find("admin") != string::npos; }},
      {"scope-upgraded-in-silence",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         return !tokens.contains("scope") && s.facts(tokens)->scopes.size() > 3;
       }},
      {"unknown-scope-granted",
       [](Stage& s) { return s.authorized(with(s.client.authorization(), "scope", "notes:read audit:x")); }},
      {"privileged-scope-for-everybody",
       [](Stage& s) {
         const auto code =
             query(s.agent.authorize(with(s.client.authorization(), "scope", "notes:read admin:users"), bob), "code");
         return s.redeem(s.client.redemption(code))["scope"] == "notes:read admin:users";
       }},
      {"token-request-widens-scope",
       [](Stage& s) { return s.redeem(with(s.client.redemption(s.code()), "scope", "admin:users"))["scope"] == "admin:users"; }},
      {"consent-form-sets-scope",
       [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         const auto page = s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body;
         const auto sent = s.agent.submit(page, "/consent", {{"decision", "approve"}, {"scope", "admin:users"}});
         return s.redeem(s.client.redemption(query(sent->get_header_value("Location"), "code")))["scope"] == "admin:users";
       }},
      {"refresh-widens-scope",
       [](Stage& s) {
         return s.issued(with(s.client.refreshing(s.client.grant(s.agent)["refresh_token"]), "scope", "admin:users"));
       }},
      // token-lifetime
      {"access-token-never-expires",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.server.pass(std::chrono::hours(24 * 365));
         return !tokens.contains("expires_in") && s.good(tokens);
       }},
      {"expires-in-is-negative", [](Stage& s) { return s.client.grant(s.agent)["expires_in"] < 0; }},
      {"access-token-lives-two-days", [](Stage& s) { return s.client.grant(s.agent)["expires_in"] == 172'800; }},
      {"writing-token-lives-two-days",
       [](Stage& s) {
         const auto code = s.code(with(s.client.authorization(), "scope", "notes:write"));
         return s.redeem(s.client.redemption(code))["expires_in"] == 172'800;
       }},
      {"access-token-outlives-promise",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.server.pass(std::chrono::minutes(40));
         return tokens["expires_in"] == 600 && s.good(tokens);
       }},
      {"code-lives-an-hour",
       [](Stage& s) {
         const auto code = s.code();
         s.server.pass(std::chrono::minutes(11));
         return s.issued(s.client.redemption(code));
       }},
      // token-audience
      {"audience-too-wide", [](Stage& s) { return s.facts(s.client.grant(s.agent))->audience.size() > 1; }},
      {"omitted-resource-leaves-no-audience",
       [](Stage& s) {
         const auto code = s.code(without(s.client.authorization(), "resource"));
         return s.facts(s.redeem(without(s.client.redemption(code), "resource")))->audience.empty();
       }},
      {"any-resource-minted",
       [](Stage& s) { return s.authorized(with(s.client.authorization(), "resource", "https://evil.example/mcp")); }},
      {"token-request-widens-resource",
       [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "resource", other_resource)); }},
      {"refresh-request-widens-resource",
       [](Stage& s) {
         return s.issued(with(s.client.refreshing(s.client.grant(s.agent)["refresh_token"]), "resource", other_resource));
       }},
      // introspection
      {"introspection-without-credentials",
       [](Stage& s) {
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}})["active"] == true;
       }},
      {"introspection-by-public-client",
       [](Stage& s) {
         return s.agent.json("/introspect",
                             {{"token", s.client.grant(s.agent)["access_token"]}, {"client_id", s.client.id}})["active"] == true;
       }},
      {"introspection-with-any-secret",
       [](Stage& s) {
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}},
                             {httplib::make_basic_authentication_header("a", "b")})["active"] == true;
       }},
      {"introspection-by-get",
       [](Stage& s) {
         return s.agent
                    .get("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}}, s.introspector(s.server.resource()))
                    ->status == 200;
       }},
      {"introspection-by-any-confidential-client",
       [](Stage& s) {
         const auto [own, headers] = s.confidential();
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}}, headers)["active"] == true;
       }},
      {"introspection-of-foreign-tokens",
       [](Stage& s) {
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}},
                             s.introspector(other_resource))["active"] == true;
       }},
      {"inactive-answer-tells-more",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.server.pass(std::chrono::hours(72));
         return s.agent.json("/introspect", {{"token", tokens["access_token"]}}, s.introspector(s.server.resource()))
             .contains("sub");
       }},
      {"introspection-forgets-revocation",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["access_token"]}, {"client_id", s.client.id}});
         return s.agent.json("/introspect", {{"token", tokens["access_token"]}}, s.introspector(s.server.resource()))["active"] ==
                    true &&
                !s.good(tokens);
       }},
      // userinfo
      {"userinfo-without-token", [](Stage& s) { return s.userinfo({}).find("alice") != string::npos; }},
      {"userinfo-for-any-token",
       [](Stage& s) { return s.userinfo({{"Authorization", "Bearer garbage"}}).find("alice") != string::npos; }},
      {"userinfo-without-openid-scope",
       [](Stage& s) {
         const auto tokens = s.redeem(s.client.redemption(s.code(with(s.client.authorization(), "scope", "notes:read"))));
         return s.userinfo({{"Authorization", "Bearer " + tokens.value("access_token", "")}}).find("alice") != string::npos;
       }},
      // revocation
      {"no-revocation-endpoint",
       [](Stage& s) {
         return !s.metadata().contains("revocation_endpoint") &&
                s.agent.post("/revoke", {{"token", "x"}, {"client_id", s.client.id}})->status == 404;
       }},
      {"revocation-by-get",
       [](Stage& s) { return s.agent.get("/revoke", {{"token", "x"}, {"client_id", s.client.id}})->status == 200; }},
      {"access-token-survives-revocation",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["access_token"]}, {"client_id", s.client.id}});
         return s.good(tokens);
       }},
      {"refresh-token-survives-revocation",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["refresh_token"]}, {"client_id", s.client.id}});
         return s.issued(s.client.refreshing(tokens["refresh_token"]));
       }},
      {"revocation-of-foreign-tokens",
       [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["access_token"]}, {"client_id", Registered(s.server, s.agent).id}});
         return !s.good(tokens);
       }},
  };
}

}  // namespace mcprove::lab::testing
