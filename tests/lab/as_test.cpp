#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures/core/crypto.h"
#include "tests/lab/as_client.h"

namespace mcprove::lab::testing {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class SoundAs : public ::testing::TestWithParam<TokenFormat> {
 protected:
  Server server{{}, GetParam()};
  Agent agent{server.host.origin()};
  Registered client{server, agent};

  bool good(const nlohmann::json& tokens) {
    return server.validator->validate(tokens.value("access_token", ""), server.resource()).has_value();
  }
  std::string code() { return query(agent.authorize(client.authorization()), "code"); }
  httplib::Headers introspector(const std::string& resource) {
    return {httplib::make_basic_authentication_header(server.as->introspection_client_id(resource),
                                                      server.as->introspection_client_secret(resource))};
  }
};

INSTANTIATE_TEST_SUITE_P(Tokens, SoundAs, ::testing::Values(TokenFormat::jwt, TokenFormat::opaque),
                         [](const auto& at) { return at.param == TokenFormat::jwt ? "Jwt" : "Opaque"; });

TEST_P(SoundAs, PublishesTheSameMetadataTwice) {
  const auto oauth = nlohmann::json::parse(agent.get("/.well-known/oauth-authorization-server")->body);
  const auto openid = nlohmann::json::parse(agent.get("/.well-known/openid-configuration")->body);
  EXPECT_EQ(oauth["issuer"], server.host.origin());
  for (const auto& [name, value] : oauth.items()) EXPECT_EQ(openid[name], value) << name;
}

TEST_P(SoundAs, GivesAPersonsClientATokenForOneResource) {
  const auto location = agent.authorize(client.authorization());
  EXPECT_EQ(query(location, "state"), "a state");
  EXPECT_EQ(query(location, "iss"), server.host.origin());
  const auto tokens = agent.json("/token", client.redemption(query(location, "code")));
  EXPECT_EQ(tokens["expires_in"], 600);
  EXPECT_EQ(tokens["scope"], "openid notes:read notes:write");
  EXPECT_TRUE(tokens.contains("refresh_token"));
  const auto facts = server.validator->validate(tokens["access_token"], server.resource());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->subject, "alice");
  EXPECT_EQ(facts->client_id, client.id);
  EXPECT_THAT(facts->audience, UnorderedElementsAre(server.resource()));
  EXPECT_FALSE(server.validator->validate(tokens["access_token"], other_resource));
  EXPECT_FALSE(server.validator->validate(tokens["id_token"], server.resource()));
  EXPECT_FALSE(server.validator->validate(tokens["refresh_token"], server.resource()));
  server.pass(seconds(600));
  EXPECT_FALSE(server.validator->validate(tokens["access_token"], server.resource()));
}

TEST_P(SoundAs, RefusesAForgedToken) {
  const std::string token = client.grant(agent)["access_token"];
  auto tampered = token;
  tampered[tampered.size() / 2] = tampered[tampered.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_TRUE(server.validator->validate(token, server.resource()));
  EXPECT_FALSE(server.validator->validate(tampered, server.resource()));
  EXPECT_FALSE(server.validator->validate("null", server.resource()));
  EXPECT_FALSE(server.validator->validate("a.b.c", server.resource()));
}

TEST_P(SoundAs, ShowsAnErrorPageForARedirectUriThatIsNotRegistered) {
  const Registered web(server, agent, "https://app.example/cb");
  for (const auto* uri :
       {"https://app.example/cb?extra=1", "https://app.example/cb/", "https://app.example/cb/x", "https://app.example/CB",
        "https://app.example/cb%20", "https://app.example/cb?", "https://app.example/cb#x", "https://app.example/cb;x",
        "https://evil.example/cb", "https://sub.app.example/cb", "https://app.example.evil.example/cb",
        "https://app.example@evil.example/cb", "http://app.example/cb", "https://app.example:8443/cb", "//evil.example/cb"}) {
    const auto answer = agent.get("/authorize", with(web.authorization(), "redirect_uri", uri));
    EXPECT_EQ(answer->status, 400) << uri;
    EXPECT_FALSE(answer->has_header("Location")) << uri;
  }
  for (const auto* uri : {"http://127.0.0.1.evil.example/cb", "http://localhost:7777@evil.example/", "http://localhost:7777/cb",
                          "http://127.0.0.1:7777/x"}) {
    EXPECT_EQ(agent.get("/authorize", with(client.authorization(), "redirect_uri", uri))->status, 400) << uri;
  }
  EXPECT_EQ(agent.get("/authorize", with(client.authorization(), "redirect_uri", "http://127.0.0.1:9999/cb"))->status, 200);
  EXPECT_EQ(agent.get("/authorize", with(client.authorization(), "client_id", "nobody"))->status, 400);
}

TEST_P(SoundAs, TellsTheClientWhatIsWrongWithItsRequest) {
  const auto error = [&](const Fields& request) {
    const auto location = agent.get("/authorize", request)->get_header_value("Location");
    EXPECT_EQ(query(location, "state"), "a state");
    EXPECT_EQ(query(location, "iss"), server.host.origin());
    return query(location, "error");
  };
  const auto honest = client.authorization();
  EXPECT_EQ(error(without(honest, "code_challenge")), "invalid_request");
  EXPECT_EQ(error(without(honest, "code_challenge_method")), "invalid_request");
  EXPECT_EQ(error(with(honest, "code_challenge_method", "plain")), "invalid_request");
  EXPECT_EQ(error(with(honest, "scope", "audit:everything")), "invalid_scope");
  EXPECT_EQ(error(with(honest, "resource", "https://elsewhere.example/mcp")), "invalid_target");
  EXPECT_EQ(error(with(honest, "response_type", "token")), "unsupported_response_type");
  EXPECT_EQ(error(with(honest, "prompt", "none")), "login_required");
}

TEST_P(SoundAs, SendsNoErrorToAStrangersHostBeforeALogin) {
  const Registered web(server, agent, "https://app.example/cb");
  const auto request = with(web.authorization(), "scope", "audit:everything");
  EXPECT_FALSE(agent.get("/authorize", request)->has_header("Location"));
  EXPECT_EQ(query(agent.authorize(request), "error"), "invalid_scope");
}

TEST_P(SoundAs, AsksForConsentForEachClient) {
  const Registered second(server, agent, "https://second.example/cb");
  EXPECT_EQ(client.grant(agent)["status"], 200);
  const auto again = agent.get("/authorize", client.authorization());
  EXPECT_THAT(query(again->get_header_value("Location"), "code"), Not(IsEmpty()));
  EXPECT_THAT(agent.get("/authorize", second.authorization())->body, HasSubstr("second.example"));
  const auto silent = agent.get("/authorize", with(second.authorization(), "prompt", "none"));
  EXPECT_EQ(query(silent->get_header_value("Location"), "error"), "consent_required");
}

TEST_P(SoundAs, TakesAFormOnlyFromTheBrowserThatWasShownIt) {
  const auto page = agent.get("/authorize", client.authorization())->body;
  Agent stranger(server.host.origin());
  stranger.get("/authorize", client.authorization());
  const Fields login{{"username", alice.name}, {"password", alice.password}};
  EXPECT_EQ(stranger.submit(page, "/login", login)->status, 400);
  auto form = with(with(login, "ticket", hidden(page, "ticket")), "csrf", "guess");
  EXPECT_EQ(agent.post("/login", form)->status, 400);
  form = with(form, "csrf", hidden(page, "csrf"));
  EXPECT_EQ(agent.post("/login", form, {{"Origin", "https://evil.example"}})->status, 400);
  const auto consent = agent.post("/login", form)->body;
  EXPECT_THAT(consent, HasSubstr("value=\"approve\""));
  EXPECT_TRUE(agent.submit(consent, "/consent", {{"decision", "deny"}})->has_header("Location"));
  EXPECT_EQ(agent.submit(consent, "/consent", {{"decision", "approve"}})->status, 400);
}

TEST_P(SoundAs, BindsACodeToClientRedirectVerifierAndResourceAndTime) {
  const Registered other(server, agent);
  const auto issued = code();
  const auto honest = client.redemption(issued);
  for (const auto& bent : {with(honest, "client_id", other.id), with(honest, "redirect_uri", "http://127.0.0.1:7777/other"),
                           with(honest, "code_verifier", std::string(43, 'x')), with(honest, "code_verifier", ""),
                           without(honest, "code_verifier"), with(honest, "code_verifier", base64url(sha256(verifier))),
                           with(honest, "resource", other_resource), without(honest, "client_id")}) {
    EXPECT_FALSE(agent.json("/token", bent).contains("access_token")) << encode(bent);
  }
  EXPECT_EQ(agent.json("/token", honest)["status"], 200) << "a failed attempt must not burn the code";
  const auto late = code();
  server.pass(seconds(60));
  EXPECT_EQ(agent.json("/token", client.redemption(late))["error"], "invalid_grant");
}

TEST_P(SoundAs, RevokesWhatACodeBroughtWhenItIsReplayed) {
  const auto issued = code();
  const auto tokens = agent.json("/token", client.redemption(issued));
  EXPECT_EQ(agent.json("/token", with(client.redemption(issued), "code_verifier", std::string(43, 'x')))["error"],
            "invalid_grant");
  EXPECT_TRUE(good(tokens)) << "anybody could send that";
  EXPECT_EQ(agent.json("/token", client.redemption(issued))["error"], "invalid_grant");
  EXPECT_FALSE(good(tokens));
  EXPECT_EQ(agent.json("/token", client.refreshing(tokens["refresh_token"]))["error"], "invalid_grant");
}

TEST_P(SoundAs, RotatesRefreshTokensAndRevokesTheFamilyOnReuse) {
  const auto first = client.grant(agent);
  const auto second = agent.json("/token", client.refreshing(first["refresh_token"]));
  EXPECT_TRUE(good(second));
  EXPECT_NE(first["refresh_token"], second["refresh_token"]);
  EXPECT_EQ(agent.json("/token", client.refreshing(first["refresh_token"]))["error"], "invalid_grant");
  EXPECT_EQ(agent.json("/token", client.refreshing(second["refresh_token"]))["error"], "invalid_grant");
  EXPECT_FALSE(good(second));
}

TEST_P(SoundAs, NarrowsOnRefreshAndNeverWidens) {
  const auto first = client.grant(agent);
  const auto asking = client.refreshing(first["refresh_token"]);
  EXPECT_EQ(agent.json("/token", with(asking, "scope", "notes:read admin:users"))["error"], "invalid_scope");
  EXPECT_EQ(agent.json("/token", with(asking, "resource", other_resource))["error"], "invalid_target");
  const auto narrow = agent.json("/token", with(asking, "scope", "notes:read"));
  EXPECT_EQ(narrow["scope"], "notes:read");
  EXPECT_EQ(agent.json("/token", client.refreshing(narrow["refresh_token"]))["scope"], first["scope"]);
}

TEST_P(SoundAs, GivesAdministrativeScopesToAdministratorsOnly) {
  const auto request = with(client.authorization(), "scope", "notes:read admin:users");
  const auto granted = [&](const Person& person) {
    Agent own(server.host.origin());
    return own.json("/token", client.redemption(query(own.authorize(request, person), "code"))).value("scope", "");
  };
  EXPECT_EQ(granted(alice), "notes:read admin:users");
  EXPECT_EQ(granted(bob), "notes:read");
}

TEST_P(SoundAs, RegistersOnlyHarmlessRedirects) {
  for (const auto* uri :
       {"javascript:alert(1)//", "JaVaScRiPt://x/%0aalert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
        "about:blank", "blob:https://x/y", "view-source:https://x", "http://app.example/cb", "http://192.0.2.1/cb",
        "http://localhost.app.example/cb", "https://app.example/cb#f", "https://*.app.example/cb",
        "https://good.example@evil.example/cb", "/relative", "https://", ""}) {
    const auto answer = agent.register_client({{"redirect_uris", {uri}}});
    EXPECT_EQ(answer["status"], 400) << uri;
    EXPECT_EQ(answer["error"], "invalid_redirect_uri") << uri;
  }
  const auto scoped =
      agent.register_client({{"redirect_uris", {"http://[::1]/cb"}}, {"scope", "notes:read admin:users * audit:x"}});
  EXPECT_EQ(scoped["scope"], "notes:read");
  EXPECT_EQ(scoped["client_secret_expires_at"], 0);
}

TEST_P(SoundAs, LetsOnlyItsHolderManageARegistration) {
  const auto made = agent.register_client({{"redirect_uris", {redirect}}});
  const auto path = "/register/" + made.value("client_id", "");
  const httplib::Headers holder{{"Authorization", "Bearer " + made.value("registration_access_token", "")}};
  EXPECT_EQ(agent.get(path)->status, 401);
  EXPECT_EQ(agent.get("/register/" + client.id, {}, holder)->status, 401);
  EXPECT_EQ(agent.get(path, {}, holder)->status, 200);
  httplib::Client http(server.host.origin());
  EXPECT_EQ(http.Delete(path, holder)->status, 204);
  EXPECT_EQ(agent.get(path, {}, holder)->status, 401);
}

TEST_P(SoundAs, AuthenticatesAConfidentialClientAsItRegistered) {
  const auto made = agent.register_client({{"redirect_uris", {redirect}}});
  Registered secret(server, agent);
  secret.id = made.value("client_id", "");
  const auto form = secret.redemption(query(agent.authorize(secret.authorization()), "code"));
  const auto basic = [&](const std::string& password) {
    return httplib::Headers{httplib::make_basic_authentication_header(secret.id, password)};
  };
  EXPECT_EQ(agent.json("/token", form)["status"], 401);
  EXPECT_EQ(agent.json("/token", form, basic(""))["status"], 401);
  EXPECT_EQ(agent.json("/token", form, basic("wrong"))["status"], 401);
  EXPECT_EQ(agent.json("/token", with(form, "client_secret", made["client_secret"]))["status"], 401) << "it registered for Basic";
  EXPECT_EQ(agent.json("/token", with(form, "client_secret", "x"), basic(made["client_secret"]))["status"], 400);
  EXPECT_EQ(agent.json("/token", form, basic(made["client_secret"]))["status"], 200);
}

TEST_P(SoundAs, TakesTokenRequestsOnlyAsForms) {
  const auto form = client.redemption(code());
  EXPECT_EQ(agent.get("/token", form)->status, 405);
  EXPECT_EQ(agent.json("/token?" + encode(form), {})["status"], 401);
  auto twice = form;
  twice.emplace_back("code", "x");
  EXPECT_EQ(agent.json("/token", twice)["error"], "invalid_request");
  const auto answer = agent.post("/token", form);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->get_header_value("Cache-Control"), "no-store");
}

TEST_P(SoundAs, IntrospectsForTheResourceServerOfTheToken) {
  const auto tokens = client.grant(agent);
  const Fields asking{{"token", tokens["access_token"]}};
  EXPECT_EQ(agent.json("/introspect", asking)["status"], 401);
  EXPECT_EQ(agent.json("/introspect", with(asking, "client_id", client.id))["status"], 403);
  EXPECT_EQ(agent.get("/introspect", asking)->status, 405);
  const auto own = agent.json("/introspect", asking, introspector(server.resource()));
  EXPECT_EQ(own["active"], true);
  EXPECT_EQ(own["aud"], server.resource());
  const auto inactive = nlohmann::json{{"active", false}, {"status", 200}};
  EXPECT_EQ(agent.json("/introspect", asking, introspector(other_resource)), inactive);
  EXPECT_EQ(agent.json("/introspect", {{"token", tokens["refresh_token"]}}, introspector(server.resource())), inactive);
  EXPECT_EQ(agent.json("/revoke", {{"token", tokens["access_token"]}, {"client_id", client.id}})["status"], 200);
  EXPECT_EQ(agent.json("/introspect", asking, introspector(server.resource())), inactive);
}

TEST_P(SoundAs, RevokesForTheClientOfTheToken) {
  const Registered other(server, agent);
  const auto tokens = client.grant(agent);
  EXPECT_EQ(agent.json("/revoke", {{"token", tokens["access_token"]}, {"client_id", other.id}})["status"], 400);
  EXPECT_TRUE(good(tokens));
  EXPECT_EQ(agent.json("/revoke", {{"token", "unknown"}, {"client_id", client.id}})["status"], 200);
  EXPECT_EQ(agent.json("/revoke", {{"token", tokens["refresh_token"]}, {"client_id", client.id}})["status"], 200);
  EXPECT_FALSE(good(tokens));
  EXPECT_EQ(agent.json("/token", client.refreshing(tokens["refresh_token"]))["error"], "invalid_grant");
}

TEST_P(SoundAs, TellsClaimsOnlyForTheOpenidScope) {
  const auto claims = [&](const std::string& token) {
    return agent.get("/userinfo", {}, {{"Authorization", "Bearer " + token}});
  };
  const auto tokens = client.grant(agent);
  EXPECT_EQ(nlohmann::json::parse(claims(tokens["access_token"])->body), (nlohmann::json{{"sub", "alice"}}));
  const auto plain = agent.json("/token", with(client.refreshing(tokens["refresh_token"]), "scope", "notes:read"));
  EXPECT_EQ(claims(plain["access_token"])->status, 403);
  EXPECT_EQ(claims("garbage")->status, 401);
  EXPECT_EQ(agent.get("/userinfo")->status, 401);
}

TEST_P(SoundAs, WritesNothingOfAClientsNameAsHtml) {
  Registered marked(server, agent);
  marked.id = agent.register_client({{"redirect_uris", {redirect}}, {"client_name", "<b>x\"'"}}).value("client_id", "");
  const auto login = agent.get("/authorize", marked.authorization())->body;
  const auto consent = agent.submit(login, "/login", {{"username", alice.name}, {"password", alice.password}});
  EXPECT_THAT(consent->body, HasSubstr("&lt;b&gt;x"));
  EXPECT_THAT(consent->body, Not(HasSubstr("<b>x")));
  EXPECT_THAT(consent->get_header_value("Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
}

}  // namespace
}  // namespace mcprove::lab::testing
