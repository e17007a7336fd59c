#include "oauth/register.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

struct Fallbacks : testing::Test {
  Bench bench{};
  Registration wanted{.name = "mcprove", .redirect_uris = {"http://127.0.0.1:33418/callback"}};
  RegistrationChoices choices{};
  std::vector<json::Value> asked{};

  /// The server refuses with this error for as long as `fine` says no.
  void refuse_unless(std::function<bool(const json::Value&)> fine, std::string error) {
    bench.site.on("POST https://as.example/register", [this, fine = std::move(fine), error](const net::Request& request) {
      const auto document = mcprove::json::parse(request.body).value();
      asked.push_back(document);
      if (!fine(document)) return json(400, error);
      return json(201, document.with("client_id", mcprove::json::str("new-client")).dump());
    });
  }
  std::string initial_token{};
  Result<Client> run() {
    const auto send = [this](const Registration& document) {
      return register_client(bench.recorder, bench.redactor, bench.server, document, initial_token);
    };
    return register_with_fallbacks(send, bench.server, wanted, choices);
  }
};

TEST_F(Fallbacks, AsksForAPublicNativeClientFirst) {
  refuse_unless([](const json::Value&) { return true; }, "");
  const auto client = run();
  ASSERT_TRUE(client);
  EXPECT_EQ(client->id, "new-client");
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].string("token_endpoint_auth_method"), "none");
  EXPECT_EQ(asked[0].string("application_type"), "native");
}

TEST_F(Fallbacks, RespellsTheRedirectThatIsComplainedOf) {
  refuse_unless([](const json::Value& d) { return d.strings("redirect_uris").front() == "http://localhost:33418/callback"; },
                R"({"error":"invalid_redirect_uri"})");
  const auto client = run();
  ASSERT_TRUE(client);
  EXPECT_EQ(client->redirect_uris.front(), "http://localhost:33418/callback");
  EXPECT_EQ(asked.size(), 2U);
}

TEST_F(Fallbacks, TriesTheNextMethodWhenTheFirstIsComplainedOf) {
  bench.server.token_endpoint_auth_methods = {"none", "private_key_jwt"};
  refuse_unless([](const json::Value& d) { return d.string("token_endpoint_auth_method") == "private_key_jwt"; },
                R"({"error":"invalid_client_metadata","error_description":"token_endpoint_auth_method not allowed"})");
  const auto client = run();
  ASSERT_TRUE(client);
  EXPECT_EQ(client->auth_method, "private_key_jwt");
  ASSERT_TRUE(client->key && client->key->has_private());
  EXPECT_EQ(asked.size(), 2U);
  const auto published = asked[1].at("jwks").at("keys").at(0);
  EXPECT_EQ(published, client->key->public_jwk()) << "another key was registered than is used";
  EXPECT_FALSE(published.has("d"));
}

TEST_F(Fallbacks, TriesAWebClientWhenNothingIsSaid) {
  refuse_unless([](const json::Value& d) { return d.string("application_type") == "web"; },
                R"({"error":"invalid_client_metadata"})");
  EXPECT_TRUE(run());
  EXPECT_EQ(asked.size(), 2U);
}

TEST_F(Fallbacks, GivesUpInTime) {
  bench.server.token_endpoint_auth_methods = {"none", "client_secret_basic", "client_secret_post", "private_key_jwt"};
  refuse_unless([](const json::Value&) { return false; }, R"({"error":"invalid_client_metadata"})");
  const auto client = run();
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().kind, Error::Kind::registration);
  EXPECT_EQ(asked.size(), static_cast<std::size_t>(most_registrations));
}

TEST_F(Fallbacks, DoesNotKnockTwiceAtAClosedDoor) {
  bench.site.on("POST https://as.example/register", json(403, R"({"error":"access_denied"})"));
  EXPECT_EQ(run().error().kind, Error::Kind::registration);
  EXPECT_EQ(bench.site.asked("POST https://as.example/register").size(), 1U);
}

TEST_F(Fallbacks, SaysWhenItIsOnlyForNow) {
  bench.site.on("POST https://as.example/register", json(429, "{}"));
  EXPECT_EQ(run().error().kind, Error::Kind::rate_limited);
}

TEST_F(Fallbacks, SendsTheInitialTokenAndTheSoftwareStatement) {
  refuse_unless([](const json::Value&) { return true; }, "");
  initial_token = "initial-token-0123456789";
  wanted.extra = json::Value::object({{"software_statement", mcprove::json::str("a.b.c")}});
  ASSERT_TRUE(run());
  EXPECT_EQ(asked[0].string("software_statement"), "a.b.c");
  EXPECT_EQ(bench.site.asked("POST https://as.example/register").front().headers.find("Authorization"),
            "Bearer initial-token-0123456789");
}

TEST_F(Fallbacks, RefusesAMethodThatItCannotUse) {
  bench.site.on("POST https://as.example/register",
                json(201, R"({"client_id":"c","token_endpoint_auth_method":"tls_client_auth"})"));
  const auto client = run();
  ASSERT_FALSE(client);
  EXPECT_NE(client.error().message.find("tls_client_auth"), std::string::npos);
}

TEST_F(Fallbacks, TakesNoPublicClientForAGrantThatNeedsOneToAuthenticate) {
  refuse_unless([](const json::Value&) { return true; }, "");
  choices.confidential = true;
  static_cast<void>(run());
  EXPECT_EQ(asked.at(0).string("token_endpoint_auth_method"), "client_secret_basic");
}

}  // namespace
}  // namespace mcprove::oauth::test
