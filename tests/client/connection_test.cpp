#include "client/connection.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "jose/jws.h"
#include "tests/client/town.h"

namespace mcprove::client::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct Connecting : testing::Test {
  Town town{};
  /// Connects and lists the tools; the error of whichever fails.
  Result<void> use(Options options = {}) {
    connection = MCPROVE_TRY(town.connect(std::move(options)));
    static_cast<void>(MCPROVE_TRY(connection->list_tools()));
    return {};
  }
  std::unique_ptr<Connection> connection{};
};

TEST_F(Connecting, LogsInWhenItIsAskedToAndKeepsTheGrant) {
  ASSERT_TRUE(use());
  const auto& grant = connection->grant();
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->client.issuer, first_issuer);
  EXPECT_EQ(grant->resource, server_url);
  EXPECT_EQ(grant->token_endpoint, "https://as.example/token");
  EXPECT_EQ(grant->access_token, "token-1-0123456789abcdef");
  EXPECT_EQ(connection->endpoint().wire, mcp::Wire::stateless);
  EXPECT_EQ(town.redactor.name_of(grant->access_token).substr(0, 12), "access_token");
}

TEST_F(Connecting, SpeaksWithAHandshakeWhereTheServerDoes) {
  town.stateless = false;
  ASSERT_TRUE(use());
  EXPECT_EQ(connection->endpoint().wire, mcp::Wire::handshake);
  EXPECT_EQ(connection->endpoint().revision, "2025-11-25");
  EXPECT_THAT(town.authorizations, SizeIs(1));
}

TEST_F(Connecting, NamesTheRevisionThatItIsToldToAndAsksForNoOther) {
  Options options;
  options.revision = "2026-07-28";
  ASSERT_TRUE(use(std::move(options)));
  EXPECT_EQ(town.calls.front().params.get("method"), "tools/list");
}

TEST_F(Connecting, AsksForNoTokenWithAStoredOne) {
  ASSERT_TRUE(use());
  Options options;
  options.grant = connection->grant();
  ASSERT_TRUE(use(std::move(options)));
  EXPECT_THAT(town.authorizations, SizeIs(1));
  EXPECT_THAT(town.registrations, SizeIs(1));
}

TEST_F(Connecting, RefreshesWhatHasRunOut) {
  town.gives_refresh_tokens = true;
  ASSERT_TRUE(use());
  town.clock.advance(std::chrono::hours(1));
  town.refused_tokens = {"token-1-0123456789abcdef"};
  ASSERT_TRUE(connection->call_tool("greet", {}));
  EXPECT_THAT(town.authorizations, SizeIs(1));
  EXPECT_EQ(Town::last(town.token_requests, "grant_type"), "refresh_token");
  EXPECT_EQ(Town::last(town.token_requests, "resource"), server_url);
  EXPECT_EQ(connection->grant()->access_token, "token-2-0123456789abcdef");
}

TEST_F(Connecting, LogsInAgainWhenTheRefreshIsRefused) {
  town.gives_refresh_tokens = true;
  ASSERT_TRUE(use());
  town.refused_tokens = {"token-1-0123456789abcdef"};
  town.at_token = [](const Seen& seen) -> std::optional<net::Response> {
    if (seen.params.get("grant_type") != "refresh_token") return std::nullopt;
    net::Response refused;
    refused.status = 400;
    refused.headers.add("Content-Type", "application/json");
    refused.body = R"({"error":"invalid_grant"})";
    return refused;
  };
  ASSERT_TRUE(connection->call_tool("greet", {}));
  EXPECT_THAT(town.authorizations, SizeIs(2));
}

struct CountingKeeper : Keeper {
  void keep(const oauth::StoredGrant& grant) override { kept.push_back(grant); }
  Result<oauth::StoredGrant> renew(const oauth::StoredGrant& grant,
                                   const std::function<Result<oauth::StoredGrant>(const oauth::StoredGrant&)>& refresh) override {
    ++renewals;
    return somebody_elses ? *somebody_elses : refresh(grant);
  }
  std::vector<oauth::StoredGrant> kept{};
  std::optional<oauth::StoredGrant> somebody_elses{};
  int renewals = 0;
};

TEST_F(Connecting, TellsTheKeeperAndTakesWhatAnotherProcessRenewed) {
  CountingKeeper keeper;
  town.keeper = &keeper;
  town.gives_refresh_tokens = true;
  ASSERT_TRUE(use());
  ASSERT_THAT(keeper.kept, SizeIs(1));
  const auto refreshed =
      oauth::refresh_request({.token_endpoint = "https://as.example/token"}, keeper.kept[0].client, "refresh-1");
  const auto answer = oauth::request_token(town.recorder, town.redactor, town.clock, refreshed);
  keeper.somebody_elses = keeper.kept[0];
  keeper.somebody_elses->take(*answer->tokens);
  town.refused_tokens = {"token-1-0123456789abcdef"};
  const auto before = town.token_requests.size();
  ASSERT_TRUE(connection->call_tool("greet", {}));
  EXPECT_EQ(keeper.renewals, 1);
  EXPECT_EQ(town.token_requests.size(), before) << "the refresh token was used twice";
}

TEST_F(Connecting, UsesNoTokenOfATypeThatItDoesNotKnow) {
  town.at_token = [](const Seen&) -> std::optional<net::Response> {
    net::Response odd;
    odd.status = 200;
    odd.headers.add("Content-Type", "application/json");
    odd.body = R"({"access_token":"mac-token-0123456789","token_type":"mac"})";
    return odd;
  };
  EXPECT_THAT(use().error().message, HasSubstr("\"mac\""));
}

TEST_F(Connecting, DoesNotAskForAScopeThatItHas) {
  town.scope_for = [](const std::string& method) { return method == "tools/call" ? "admin" : "read"; };
  ASSERT_TRUE(use());
  town.at_token = [](const Seen&) -> std::optional<net::Response> {
    net::Response says;  // grants on paper what the server then does not see
    says.status = 200;
    says.headers.add("Content-Type", "application/json");
    says.body = R"({"access_token":"token-1-0123456789abcdef","token_type":"Bearer","scope":"read admin"})";
    return says;
  };
  const auto outcome = connection->call_tool("greet", {});
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("\"admin\", which the token has"));
  EXPECT_THAT(town.authorizations, SizeIs(2));
}

TEST_F(Connecting, AsksForOfflineAccessOnlyWhereItIsListed) {
  town.scopes_supported = {"read"};
  ASSERT_TRUE(use());
  EXPECT_EQ(Town::last(town.authorizations, "scope"), "read");
  Town other;
  other.scopes_supported = {"read"};
  other.more_metadata = {{"scopes_supported", json::strings({"read", "offline_access"})}};
  ASSERT_TRUE(other.connect());
  EXPECT_EQ(Town::last(other.authorizations, "scope"), "read offline_access");
}

TEST_F(Connecting, AServerWithoutResourceMetadataIsOfTheFirstRevision) {
  town.has_resource_metadata = false;
  const auto refused = use();  // its own origin has no authorization endpoints in this town
  ASSERT_FALSE(refused);
  EXPECT_FALSE(town.was_visited(first_issuer));
  bool asked_for_own = false;
  for (const auto& request : town.transport.requests())
    asked_for_own = asked_for_own || request.url == "https://rs.example/.well-known/oauth-authorization-server";
  EXPECT_TRUE(asked_for_own);
}

TEST_F(Connecting, RegistersOnceMoreWhenItsClientIsForgotten) {
  ASSERT_TRUE(use());
  Options options;
  options.grant = connection->grant();
  town.refused_tokens = {"token-1-0123456789abcdef"};
  town.at_token = [](const Seen& seen) -> std::optional<net::Response> {
    if (seen.params.get("client_id") != "client-1-at-as.example") return std::nullopt;
    net::Response refused;
    refused.status = 401;
    refused.headers.add("Content-Type", "application/json");
    refused.body = R"({"error":"invalid_client"})";
    return refused;
  };
  ASSERT_TRUE(use(std::move(options)));
  EXPECT_THAT(town.registrations, SizeIs(2));
}

TEST_F(Connecting, PushesTheRequestWhereThatIsRequired) {
  town.more_metadata = {{"pushed_authorization_request_endpoint", json::str("https://as.example/par")},
                        {"require_pushed_authorization_requests", json::boolean(true)}};
  ASSERT_TRUE(use());
  ASSERT_THAT(town.pushed, SizeIs(1));
  EXPECT_EQ(Town::last(town.pushed, "code_challenge_method"), "S256");
  EXPECT_EQ(Town::last(town.pushed, "resource"), server_url);
  const auto& shown = town.authorizations.back().params;
  EXPECT_EQ(shown.fields().size(), 2U) << "what was pushed was shown too";
  EXPECT_TRUE(shown.has("request_uri") && shown.has("client_id"));
}

TEST_F(Connecting, PushesNothingUnasked) {
  town.more_metadata = {{"pushed_authorization_request_endpoint", json::str("https://as.example/par")}};
  ASSERT_TRUE(use());
  EXPECT_TRUE(town.pushed.empty());
  Options options;
  options.client.push = true;
  ASSERT_TRUE(use(std::move(options)));
  EXPECT_THAT(town.pushed, SizeIs(1));
}

TEST_F(Connecting, UsesTheNonceThatEachSideAsksFor) {
  town.wants_dpop = true;
  town.nonce = "nonce-1";
  ASSERT_TRUE(use());
  EXPECT_THAT(town.authorizations, SizeIs(1)) << "a nonce is no reason for a new login";
  EXPECT_EQ(connection->grant()->token_type, "DPoP");
  EXPECT_FALSE(connection->grant()->proof_key.empty());
}

TEST_F(Connecting, GoesOnWithTheKeyOfAStoredGrant) {
  town.wants_dpop = true;
  ASSERT_TRUE(use());
  Options options;
  options.grant = connection->grant();
  const auto key = jose::Key::from_jwk(json::parse(options.grant->proof_key).value()).value();
  ASSERT_TRUE(use(std::move(options)));
  EXPECT_THAT(town.authorizations, SizeIs(1));
  const auto proof = jose::Jws::parse(town.calls.back().headers.find("DPoP").value_or(""));
  ASSERT_TRUE(proof);
  EXPECT_TRUE(proof->verify(key));
}

TEST_F(Connecting, BindsNoTokenWhereItIsNotWanted) {
  town.wants_dpop = true;
  Options options;
  options.client.dpop = Dpop::never;
  EXPECT_FALSE(use(std::move(options)));  // this town takes no other
  for (const auto& request : town.token_requests) EXPECT_FALSE(request.headers.has("DPoP"));
}

TEST_F(Connecting, UsesTheMetadataDocumentWhereTheServerTakesIt) {
  town.more_metadata = {{"client_id_metadata_document_supported", json::boolean(true)}};
  Options options;
  options.client.cimd_url = "https://me.example/client.json";
  ASSERT_TRUE(use(std::move(options)));
  EXPECT_EQ(Town::last(town.authorizations, "client_id"), "https://me.example/client.json");
  EXPECT_TRUE(town.registrations.empty());
  EXPECT_FALSE(town.was_visited("https://me.example"));
}

TEST_F(Connecting, SaysWhyThereIsNoClient) {
  town.more_metadata = {{"registration_endpoint", json::Value()}};
  const auto refused = use();
  EXPECT_EQ(refused.error().kind, Error::Kind::registration);
  EXPECT_THAT(refused.error().message, HasSubstr("https://as.example registers no clients, and no client id was given"));
}

TEST_F(Connecting, TakesTheUsersWordForAForeignEndpoint) {
  town.token_endpoint = std::string(evil) + "/token";
  Options options;
  options.trusted_origins = {evil};
  ASSERT_TRUE(use(std::move(options)));
  EXPECT_TRUE(town.was_visited(evil));
  EXPECT_THAT(use().error().message, HasSubstr("https://evil.example, which is not its own site"));
}

// ------------------------------------------------------------------------------------------------ other grants

struct OtherGrants : Connecting {
  Options options{};
  OtherGrants() {
    options.client.id = "robot";
    options.client.secret = "robot-secret-0123456789";
  }
  const Seen& token_request() { return town.token_requests.back(); }
};

TEST_F(OtherGrants, ClientCredentialsWithEachWayToAuthenticate) {
  options.client.grant_type = GrantType::client_credentials;
  for (const auto* method : {"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"}) {
    town.auth_methods = {method};
    auto how = options;
    if (method == std::string_view("private_key_jwt")) how.client.key = jose::Key::generate("ES256").value();
    ASSERT_TRUE(use(std::move(how))) << method;
    const auto& seen = token_request();
    EXPECT_EQ(seen.params.get("grant_type"), "client_credentials");
    EXPECT_EQ(seen.params.get("resource"), server_url);
    EXPECT_EQ(seen.headers.has("Authorization"), method == std::string_view("client_secret_basic"));
    EXPECT_EQ(seen.params.has("client_secret"), method == std::string_view("client_secret_post"));
    const auto assertion = jose::Jws::parse(seen.params.get("client_assertion"));
    EXPECT_EQ(assertion.has_value(), text::icontains(method, "jwt")) << method;
    if (assertion) {
      EXPECT_EQ(assertion->claims.string("aud"), first_issuer);
    }
  }
  EXPECT_TRUE(town.authorizations.empty());
}

TEST_F(OtherGrants, NeedNoAuthorizationEndpointAndNoPkce) {
  options.client.grant_type = GrantType::client_credentials;
  town.auth_methods = {"client_secret_basic"};
  town.challenge_methods = {};
  town.more_metadata = {{"authorization_endpoint", json::Value()}};
  EXPECT_TRUE(use(std::move(options)));
}

TEST_F(OtherGrants, AWorkloadsAssertionGoesAsItIsAndOnce) {
  options.client.secret.clear();
  options.client.grant_type = GrantType::jwt_bearer;
  options.client.assertion = "aaaa.bbbb.cccc";
  town.at_token = [](const Seen&) -> std::optional<net::Response> {
    net::Response refused;
    refused.status = 400;
    refused.headers.add("Content-Type", "application/json");
    refused.body = R"({"error":"invalid_grant"})";
    return refused;
  };
  EXPECT_FALSE(use(options));
  ASSERT_THAT(town.token_requests, SizeIs(1)) << "a refused assertion was tried again";
  EXPECT_EQ(token_request().params.get("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
  EXPECT_EQ(token_request().params.get("assertion"), "aaaa.bbbb.cccc");
}

TEST_F(OtherGrants, TheCompanysProviderTurnsAnIdTokenIntoAnAssertion) {
  options.client.grant_type = GrantType::enterprise;
  options.client.enterprise = {.token_endpoint = "https://idp.example/token", .client_id = "at-idp", .id_token = "id.id.id"};
  town.auth_methods = {"client_secret_basic"};
  std::string issued = "urn:ietf:params:oauth:token-type:id-jag";
  town.at_token = [&](const Seen& seen) -> std::optional<net::Response> {
    if (!seen.url.starts_with("https://idp.example/")) return std::nullopt;
    net::Response given;
    given.status = 200;
    given.headers.add("Content-Type", "application/json");
    given.body = R"({"access_token":"jag.jag.jag","token_type":"N_A","issued_token_type":")" + issued + R"("})";
    return given;
  };
  ASSERT_TRUE(use(options));
  ASSERT_THAT(town.token_requests, SizeIs(2));
  const auto& exchange = town.token_requests[0].params;
  EXPECT_EQ(exchange.get("subject_token"), "id.id.id");
  EXPECT_EQ(exchange.get("audience"), first_issuer);
  EXPECT_EQ(exchange.get("resource"), server_url);
  EXPECT_EQ(exchange.get("client_id"), "at-idp");
  EXPECT_FALSE(exchange.has("client_secret"));
  EXPECT_EQ(token_request().params.get("assertion"), "jag.jag.jag");
  EXPECT_TRUE(token_request().headers.find("Authorization").value_or("").starts_with("Basic "));

  issued = "urn:ietf:params:oauth:token-type:access_token";
  EXPECT_THAT(use(options).error().message, HasSubstr("other than an ID-JAG"));
}

// ------------------------------------------------------------------------------------------------ decisions

TEST(Conduct, KnowsItsOwnResource) {
  const Conduct conduct;
  const auto url = net::Url::parse("https://rs.example/a/mcp").value();
  for (const auto* same : {"https://rs.example/a/mcp", "https://rs.example/a", "https://rs.example/a/", "https://rs.example",
                           "https://rs.example/", "https://RS.example:443/a/mcp"})
    EXPECT_TRUE(conduct.is_resource(same, url)) << same;
  for (const auto* other :
       {"", "mcp", "https://rs.example/a/mc", "https://rs.example/a/mcp/b", "https://rs.example/b", "http://rs.example/a/mcp",
        "https://rs.example:8443/a/mcp", "https://evil.example/a/mcp", "https://rs.example/a/mcp#x",
        "https://rs.example/a/mcp?x=1", "https://rs.example.evil.example/a/mcp"})
    EXPECT_FALSE(conduct.is_resource(other, url)) << other;
}

TEST(Conduct, KnowsWhatBelongsToAnIssuer) {
  const Conduct conduct;
  const auto belongs = [&](const char* endpoint, const char* issuer) {
    return conduct.belongs(net::Url::parse(endpoint).value(), net::Url::parse(issuer).value());
  };
  EXPECT_TRUE(belongs("https://as.example/token", "https://as.example"));
  EXPECT_TRUE(belongs("https://token.as.example/token", "https://login.as.example/tenant"));
  EXPECT_TRUE(belongs("http://127.0.0.1:8080/token", "http://localhost:9090"));
  EXPECT_FALSE(belongs("http://as.example/token", "https://as.example"));
  EXPECT_FALSE(belongs("https://evil.example/token", "https://as.example"));
  EXPECT_FALSE(belongs("http://127.0.0.1:8080/token", "https://as.example"));
  EXPECT_FALSE(belongs("https://a.github.io/token", "https://b.github.io")) << "neighbours under a public suffix";
}

}  // namespace
}  // namespace mcprove::client::test
