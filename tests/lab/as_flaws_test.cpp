#include <functional>
#include <map>
#include <string_view>

#include <gtest/gtest.h>

#include "fixtures/core/crypto.h"
#include "tests/lab/as_client.h"

namespace mcprove::lab::testing {
namespace {

using std::string;
using Json = nlohmann::json;

/// What an attack may use.
struct Stage {
  explicit Stage(const std::vector<Flaw>& flaws, TokenFormat format) : server(flaws, format) {}

  string code(const Fields& request) { return query(agent.authorize(request), "code"); }
  string code() { return code(client.authorization()); }
  Json redeem(const Fields& form) { return agent.json("/token", form); }
  bool issued(const Fields& form) { return redeem(form).contains("access_token"); }
  bool authorized(const Fields& request) { return !code(request).empty(); }
  bool registered(const string& uri) { return agent.register_client({{"redirect_uris", {uri}}})["status"] == 201; }
  /// Whether a code for the web client would go to this address.
  bool redirects(const string& registered_uri, const string& asked) {
    const Registered web(server, agent, registered_uri);
    return authorized(with(web.authorization(), "redirect_uri", asked));
  }
  bool good(const Json& tokens) { return server.validator->validate(tokens.value("access_token", ""), server.resource()).has_value(); }
  std::optional<TokenFacts> facts(const Json& tokens) { return server.validator->validate(tokens.value("access_token", ""), server.resource()); }
  Json metadata() {
    const auto answer = agent.get("/.well-known/oauth-authorization-server");
    return Json::parse(answer->body, nullptr, false);
  }
  Json keys() { return Json::parse(agent.get("/jwks")->body)["keys"]; }
  httplib::Headers introspector(const string& resource) {
    return {httplib::make_basic_authentication_header(server.as->introspection_client_id(resource), server.as->introspection_client_secret(resource))};
  }
  string userinfo(const httplib::Headers& headers) { return agent.get("/userinfo", {}, headers)->body; }
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

const string wrong_verifier(43, 'x');
const string web = "https://app.example/cb";

const std::map<std::string_view, Attack>& attacks() {
  static const std::map<std::string_view, Attack> table{
      // discovery
      {"no-as-metadata", [](Stage& s) { return s.metadata().is_discarded(); }},
      {"issuer-with-extra-slash", [](Stage& s) { return s.metadata()["issuer"] == s.server.host.origin() + "/"; }},
      {"metadata-issuer-on-other-host", [](Stage& s) { return s.metadata()["issuer"] != s.server.as->issuer(); }},
      {"metadata-without-response-types", [](Stage& s) { return !s.metadata().contains("response_types_supported"); }},
      {"metadata-with-script-endpoint", [](Stage& s) { return s.metadata().dump().find("javascript:") != string::npos; }},
      {"jwks-with-private-key", [](Stage& s) { return s.keys()[0].contains("d"); }},
      {"jwks-with-symmetric-key", [](Stage& s) { return s.keys().back()["kty"] == "oct"; }},
      {"jwks-with-short-rsa-key", [](Stage& s) { return s.keys().back().value("n", string(999, 'A')).size() < 200; }},
      {"jwks-with-one-kid-twice", [](Stage& s) { return s.keys().size() == 2 && s.keys()[0]["kid"] == s.keys()[1]["kid"]; }},
      // registration
      {"closed-registration", [](Stage& s) { return !s.registered(redirect); }},
      {"any-redirect-scheme", [](Stage& s) { return s.registered("javascript:alert(1)//"); }},
      {"only-javascript-refused", [](Stage& s) { return s.registered("data:text/html,x"); }},
      {"script-scheme-refused-in-lower-case", [](Stage& s) { return s.registered("JaVaScRiPt://x/%0aalert(1)"); }},
      {"file-and-blob-redirects", [](Stage& s) { return s.registered("file:///etc/passwd") && s.registered("blob:https://x/y"); }},
      {"http-redirect-anywhere", [](Stage& s) { return s.registered("http://app.example/cb"); }},
      {"loopback-judged-by-prefix", [](Stage& s) { return s.registered("http://localhost.app.example/cb"); }},
      {"redirect-fragment-registered", [](Stage& s) { return s.registered("https://app.example/cb#f"); }},
      {"any-scope-registered", [](Stage& s) {
         s.client.id = s.agent.register_client({{"redirect_uris", {redirect}}, {"scope", "audit:x"}, {"token_endpoint_auth_method", "none"}}).value("client_id", "");
         return s.issued(s.client.redemption(s.code(with(s.client.authorization(), "scope", "audit:x"))));
       }},
      {"registration-managed-by-anyone", [](Stage& s) { return s.agent.get("/register/" + s.client.id)->status == 200; }},
      {"registration-takes-client-id", [](Stage& s) {
         return s.agent.register_client({{"redirect_uris", {web}}, {"client_id", s.client.id}}).value("client_id", "") == s.client.id;
       }},
      {"short-client-secret", [](Stage& s) {
         return s.agent.register_client({{"redirect_uris", {web}}}).value("client_secret", string(99, 'x')).size() < 20;
       }},
      {"client-name-not-escaped", [](Stage& s) {
         s.client.id = s.agent.register_client({{"redirect_uris", {redirect}}, {"client_name", "<b>x"}, {"token_endpoint_auth_method", "none"}}).value("client_id", "");
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         return s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body.find("<b>x") != string::npos;
       }},
      {"client-credentials-for-everybody", [](Stage& s) {
         const auto [own, headers] = s.confidential();
         return s.good(s.agent.json("/token", {{"grant_type", "client_credentials"}, {"scope", "notes:read"}}, headers));
       }},
      // authorization
      {"any-redirect-matches", [](Stage& s) { return s.redirects(web, "https://evil.example/other"); }},
      {"redirect-prefix-matches", [](Stage& s) { return s.redirects(web, web + "/x"); }},
      {"redirect-query-ignored", [](Stage& s) { return s.redirects(web, web + "?extra=1"); }},
      {"redirect-path-case-ignored", [](Stage& s) { return s.redirects(web, "https://app.example/CB"); }},
      {"redirect-scheme-ignored", [](Stage& s) { return s.redirects(web, "http://app.example/cb"); }},
      {"redirect-subdomains-match", [](Stage& s) { return s.redirects(web, "https://sub.app.example/cb"); }},
      {"redirect-host-ignored", [](Stage& s) { return s.redirects(web, "https://evil.example/cb"); }},
      {"redirect-host-prefix-matches", [](Stage& s) { return s.redirects(web, "https://app.example.evil.example/cb"); }},
      {"redirect-loopback-prefix-matches", [](Stage& s) { return s.redirects(redirect, "http://127.0.0.1.evil.example/cb"); }},
      {"state-missing-in-errors", [](Stage& s) {
         return query(s.agent.authorize(with(s.client.authorization(), "scope", "audit:x")), "state").empty();
       }},
      {"iss-missing", [](Stage& s) { return query(s.agent.authorize(s.client.authorization()), "iss").empty(); }},
      {"iss-missing-in-errors", [](Stage& s) {
         return query(s.agent.authorize(with(s.client.authorization(), "scope", "audit:x")), "iss").empty();
       }},
      {"iss-differs", [](Stage& s) { return query(s.agent.authorize(s.client.authorization()), "iss") != s.metadata()["issuer"]; }},
      {"iss-not-advertised", [](Stage& s) { return !s.metadata().contains("authorization_response_iss_parameter_supported"); }},
      {"consent-never-asked", [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         return s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->has_header("Location");
       }},
      {"consent-given-to-all-clients", [](Stage& s) {
         const Registered second(s.server, s.agent, web);
         s.code();
         return s.agent.get("/authorize", second.authorization())->has_header("Location");
       }},
      {"silent-request-skips-consent", [](Stage& s) {
         const Registered second(s.server, s.agent, web);
         s.code();
         return !query(s.agent.get("/authorize", with(second.authorization(), "prompt", "none"))->get_header_value("Location"), "code").empty();
       }},
      {"code-without-login", [](Stage& s) { return s.agent.get("/authorize", s.client.authorization())->has_header("Location"); }},
      {"consent-hides-redirect", [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         const auto page = s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body;
         return page.find("You will be sent to") == string::npos;
       }},
      {"forms-without-csrf-check", [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         return s.agent.post("/login", {{"username", alice.name}, {"password", alice.password}, {"ticket", hidden(login, "ticket")}})->status == 200;
       }},
      {"pages-may-be-framed", [](Stage& s) {
         return s.agent.get("/authorize", s.client.authorization())->get_header_value("Content-Security-Policy").find("frame-ancestors") == string::npos;
       }},
      // pkce
      {"pkce-not-advertised", [](Stage& s) { return !s.metadata().contains("code_challenge_methods_supported"); }},
      {"only-plain-advertised", [](Stage& s) { return s.metadata()["code_challenge_methods_supported"] == Json{"plain"}; }},
      {"pkce-optional", [](Stage& s) {
         const auto code = s.code(without(s.client.authorization(), "code_challenge"));
         return !s.issued(s.client.redemption(code)) && s.issued(without(s.client.redemption(code), "code_verifier"));
       }},
      {"unchallenged-code-takes-any-verifier", [](Stage& s) {
         const auto code = s.code(without(s.client.authorization(), "code_challenge"));
         return !s.issued(without(s.client.redemption(code), "code_verifier")) && s.issued(s.client.redemption(code));
       }},
      {"plain-challenge-accepted", [](Stage& s) {
         return s.issued(s.client.redemption(s.code(with(with(s.client.authorization(), "code_challenge_method", "plain"), "code_challenge", verifier))));
       }},
      {"verifier-ignored", [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "code_verifier", "x")); }},
      {"missing-verifier-accepted", [](Stage& s) { return s.issued(without(s.client.redemption(s.code()), "code_verifier")); }},
      {"empty-verifier-accepted", [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "code_verifier", "")); }},
      {"wrong-verifier-accepted", [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "code_verifier", wrong_verifier)); }},
      {"verifier-of-any-code-accepted", [](Stage& s) {
         s.code(with(s.client.authorization(), "code_challenge", base64url(sha256(wrong_verifier))));
         return s.issued(with(s.client.redemption(s.code()), "code_verifier", wrong_verifier));
       }},
      {"challenge-accepted-as-verifier", [](Stage& s) {
         return s.issued(with(s.client.redemption(s.code()), "code_verifier", base64url(sha256(verifier))));
       }},
      {"consent-form-sets-challenge-method", [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         const auto page = s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body;
         const auto sent = s.agent.submit(page, "/consent", {{"decision", "approve"}, {"code_challenge_method", "plain"}});
         const auto code = query(sent->get_header_value("Location"), "code");
         return s.issued(with(s.client.redemption(code), "code_verifier", base64url(sha256(verifier))));
       }},
      {"short-verifier-accepted", [](Stage& s) {
         const auto code = s.code(with(s.client.authorization(), "code_challenge", base64url(sha256("x"))));
         return s.issued(with(s.client.redemption(code), "code_verifier", "x"));
       }},
      // token
      {"code-reusable", [](Stage& s) {
         const auto form = s.client.redemption(s.code());
         return s.issued(form) && s.issued(form);
       }},
      {"replay-revokes-nothing", [](Stage& s) {
         const auto form = s.client.redemption(s.code());
         const auto tokens = s.redeem(form);
         return !s.issued(form) && s.good(tokens);
       }},
      {"bad-replay-revokes", [](Stage& s) {
         const auto form = s.client.redemption(s.code());
         const auto tokens = s.redeem(form);
         return !s.issued(with(form, "code_verifier", wrong_verifier)) && !s.good(tokens);
       }},
      {"code-not-bound-to-client", [](Stage& s) {
         return s.issued(with(s.client.redemption(s.code()), "client_id", Registered(s.server, s.agent).id));
       }},
      {"client-id-not-needed", [](Stage& s) { return s.issued(without(s.client.redemption(s.code()), "client_id")); }},
      {"code-not-bound-to-redirect", [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "redirect_uri", "https://evil.example/")); }},
      {"refresh-token-not-rotated", [](Stage& s) {
         const auto form = s.client.refreshing(s.client.grant(s.agent)["refresh_token"]);
         return s.issued(form) && s.issued(form);
       }},
      {"used-refresh-token-accepted", [](Stage& s) {
         const auto form = s.client.refreshing(s.client.grant(s.agent)["refresh_token"]);
         return s.redeem(form)["refresh_token"] != form[1].second && s.issued(form);
       }},
      {"refresh-family-survives-reuse", [](Stage& s) {
         const auto form = s.client.refreshing(s.client.grant(s.agent)["refresh_token"]);
         const auto second = s.redeem(form);
         return !s.issued(form) && s.issued(s.client.refreshing(second["refresh_token"]));
       }},
      {"refresh-not-bound-to-client", [](Stage& s) {
         return s.issued(with(s.client.refreshing(s.client.grant(s.agent)["refresh_token"]), "client_id", Registered(s.server, s.agent).id));
       }},
      {"client-secret-not-checked", [](Stage& s) {
         const auto [own, headers] = s.confidential();
         return s.issued(own.redemption(s.code(own.authorization())));
       }},
      {"token-endpoint-answers-get", [](Stage& s) { return s.agent.get("/token", s.client.redemption(s.code()))->status == 200; }},
      {"token-response-cacheable", [](Stage& s) { return !s.agent.post("/token", s.client.redemption(s.code()))->has_header("Cache-Control"); }},
      // token-scope
      {"default-scope-is-everything", [](Stage& s) {
         return s.redeem(s.client.redemption(s.code(without(s.client.authorization(), "scope")))).value("scope", "").find("admin") != string::npos;
       }},
      {"scope-request-ignored", [](Stage& s) { return s.client.grant(s.agent).value("scope", "").find("admin") != string::npos; }},
      {"scope-upgraded-in-silence", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         return !tokens.contains("scope") && s.facts(tokens)->scopes.size() > 3;
       }},
      {"unknown-scope-granted", [](Stage& s) { return s.authorized(with(s.client.authorization(), "scope", "notes:read audit:x")); }},
      {"privileged-scope-for-everybody", [](Stage& s) {
         const auto code = query(s.agent.authorize(with(s.client.authorization(), "scope", "notes:read admin:users"), bob), "code");
         return s.redeem(s.client.redemption(code))["scope"] == "notes:read admin:users";
       }},
      {"token-request-widens-scope", [](Stage& s) {
         return s.redeem(with(s.client.redemption(s.code()), "scope", "admin:users"))["scope"] == "admin:users";
       }},
      {"consent-form-sets-scope", [](Stage& s) {
         const auto login = s.agent.get("/authorize", s.client.authorization())->body;
         const auto page = s.agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}})->body;
         const auto sent = s.agent.submit(page, "/consent", {{"decision", "approve"}, {"scope", "admin:users"}});
         return s.redeem(s.client.redemption(query(sent->get_header_value("Location"), "code")))["scope"] == "admin:users";
       }},
      {"refresh-widens-scope", [](Stage& s) {
         return s.issued(with(s.client.refreshing(s.client.grant(s.agent)["refresh_token"]), "scope", "admin:users"));
       }},
      // token-lifetime
      {"access-token-never-expires", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.server.pass(std::chrono::hours(24 * 365));
         return !tokens.contains("expires_in") && s.good(tokens);
       }},
      {"expires-in-is-negative", [](Stage& s) { return s.client.grant(s.agent)["expires_in"] < 0; }},
      {"access-token-lives-two-days", [](Stage& s) { return s.client.grant(s.agent)["expires_in"] == 172'800; }},
      {"access-token-outlives-promise", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.server.pass(std::chrono::minutes(40));
         return tokens["expires_in"] == 600 && s.good(tokens);
       }},
      {"code-lives-an-hour", [](Stage& s) {
         const auto code = s.code();
         s.server.pass(std::chrono::minutes(11));
         return s.issued(s.client.redemption(code));
       }},
      // token-audience
      {"audience-too-wide", [](Stage& s) { return s.facts(s.client.grant(s.agent))->audience.size() > 1; }},
      {"omitted-resource-leaves-no-audience", [](Stage& s) {
         const auto code = s.code(without(s.client.authorization(), "resource"));
         return s.facts(s.redeem(without(s.client.redemption(code), "resource")))->audience.empty();
       }},
      {"any-resource-minted", [](Stage& s) { return s.authorized(with(s.client.authorization(), "resource", "https://evil.example/mcp")); }},
      {"token-request-widens-resource", [](Stage& s) { return s.issued(with(s.client.redemption(s.code()), "resource", other_resource)); }},
      // introspection
      {"introspection-without-credentials", [](Stage& s) {
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}})["active"] == true;
       }},
      {"introspection-by-public-client", [](Stage& s) {
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}, {"client_id", s.client.id}})["active"] == true;
       }},
      {"introspection-with-any-secret", [](Stage& s) {
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}}, {httplib::make_basic_authentication_header("a", "b")})["active"] == true;
       }},
      {"introspection-by-get", [](Stage& s) {
         return s.agent.get("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}}, s.introspector(s.server.resource()))->status == 200;
       }},
      {"introspection-by-any-confidential-client", [](Stage& s) {
         const auto [own, headers] = s.confidential();
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}}, headers)["active"] == true;
       }},
      {"introspection-of-foreign-tokens", [](Stage& s) {
         return s.agent.json("/introspect", {{"token", s.client.grant(s.agent)["access_token"]}}, s.introspector(other_resource))["active"] == true;
       }},
      {"inactive-answer-tells-more", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.server.pass(std::chrono::hours(72));
         return s.agent.json("/introspect", {{"token", tokens["access_token"]}}, s.introspector(s.server.resource())).contains("sub");
       }},
      {"introspection-forgets-revocation", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["access_token"]}, {"client_id", s.client.id}});
         return s.agent.json("/introspect", {{"token", tokens["access_token"]}}, s.introspector(s.server.resource()))["active"] == true && !s.good(tokens);
       }},
      // userinfo
      {"userinfo-without-token", [](Stage& s) { return s.userinfo({}).find("alice") != string::npos; }},
      {"userinfo-for-any-token", [](Stage& s) { return s.userinfo({{"Authorization", "Bearer garbage"}}).find("alice") != string::npos; }},
      {"userinfo-without-openid-scope", [](Stage& s) {
         const auto tokens = s.redeem(s.client.redemption(s.code(with(s.client.authorization(), "scope", "notes:read"))));
         return s.userinfo({{"Authorization", "Bearer " + tokens.value("access_token", "")}}).find("alice") != string::npos;
       }},
      // revocation
      {"no-revocation-endpoint", [](Stage& s) {
         return !s.metadata().contains("revocation_endpoint") && s.agent.post("/revoke", {{"token", "x"}, {"client_id", s.client.id}})->status == 404;
       }},
      {"revocation-by-get", [](Stage& s) { return s.agent.get("/revoke", {{"token", "x"}, {"client_id", s.client.id}})->status == 200; }},
      {"access-token-survives-revocation", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["access_token"]}, {"client_id", s.client.id}});
         return s.good(tokens);
       }},
      {"refresh-token-survives-revocation", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["refresh_token"]}, {"client_id", s.client.id}});
         return s.issued(s.client.refreshing(tokens["refresh_token"]));
       }},
      {"revocation-of-foreign-tokens", [](Stage& s) {
         const auto tokens = s.client.grant(s.agent);
         s.agent.post("/revoke", {{"token", tokens["access_token"]}, {"client_id", Registered(s.server, s.agent).id}});
         return !s.good(tokens);
       }},
  };
  return table;
}

class AsFlaw : public ::testing::TestWithParam<std::string_view> {};

std::vector<std::string_view> as_flaws() {
  std::vector<std::string_view> names;
  for (const auto& flaw : all_flaws()) {
    if (flaw.side == Side::as) names.push_back(flaw.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Each, AsFlaw, ::testing::ValuesIn(as_flaws()), [](const auto& at) {
  string name(at.param);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST_P(AsFlaw, OpensTheServerToItsAttackAndNothingElseDoes) {
  const auto* flaw = find_flaw(GetParam());
  const auto attack = attacks().find(GetParam());
  ASSERT_NE(attack, attacks().end()) << "no attack shows what this flaw does";
  const auto format = flaw->needs == "--token opaque" ? TokenFormat::opaque : TokenFormat::jwt;
  Stage sound({}, format);
  EXPECT_FALSE(attack->second(sound));
  Stage flawed({*flaw}, format);
  EXPECT_TRUE(attack->second(flawed));
}

}  // namespace
}  // namespace mcprove::lab::testing
