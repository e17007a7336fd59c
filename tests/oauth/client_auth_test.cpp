#include "oauth/client_auth.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "jose/jws.h"
#include "oauth/client_json.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

struct Assertion : testing::Test {
  ManualClock clock{Clock::Wall{} + std::chrono::seconds(1'000'000)};
  SeededRandom random{7};
  Redactor redactor{};
  Client client{.issuer = issuer, .id = "client-1"};
  ServerMetadata server{};

  Result<std::string> make() { return client_assertion(client, issuer, {clock, random, redactor}); }
};

TEST_F(Assertion, SaysWhoAndForWhomForAMinute) {
  for (const auto* alg : {"ES256", "RS256", "EdDSA"}) {
    client.auth_method = "private_key_jwt";
    client.key = jose::Key::generate(alg).value();
    const auto text = make();
    ASSERT_TRUE(text) << alg;
    const auto jws = jose::Jws::parse(*text);
    ASSERT_TRUE(jws);
    EXPECT_EQ(jws->alg(), alg);
    EXPECT_TRUE(jws->verify(*client.key));
    EXPECT_EQ(jws->claims.string("iss"), "client-1");
    EXPECT_EQ(jws->claims.string("sub"), "client-1");
    EXPECT_EQ(jws->claims.string("aud"), issuer);
    EXPECT_EQ(jws->claims.integer("iat"), 1'000'000);
    EXPECT_EQ(jws->claims.integer("exp"), 1'000'060);
    EXPECT_GE(jws->claims.string("jti").value_or("").size(), 16U);
    EXPECT_EQ(redactor.name_of(*text).substr(0, 16), "client_assertion");
  }
}

TEST_F(Assertion, IsNeverTheSameTwice) {
  client.auth_method = "private_key_jwt";
  client.key = jose::Key::generate("ES256").value();
  const auto one = jose::Jws::parse(make().value());
  const auto two = jose::Jws::parse(make().value());
  EXPECT_NE(one->claims.string("jti"), two->claims.string("jti"));
}

TEST_F(Assertion, OfASecretIsSignedWithItAndTheSecretStaysHere) {
  client.auth_method = "client_secret_jwt";
  client.secret = "a-secret-of-at-least-32-bytes-0123456789";
  TokenRequest request;
  request.authenticate(client);
  ASSERT_TRUE(sign(request, {clock, random, redactor}));
  const auto sent = request.params.get("client_assertion");
  const auto key = json::Value::object({{"kty", json::str("oct")}, {"k", json::str(text::base64url_encode(client.secret))}});
  ASSERT_TRUE(jose::Jws::parse(sent));
  EXPECT_TRUE(jose::Jws::parse(sent)->verify(jose::Key::from_jwk(key).value()));
  EXPECT_EQ(request.params.get("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  EXPECT_EQ(request.params.get("client_id"), "client-1");
  EXPECT_FALSE(request.params.has("client_secret"));
  EXPECT_FALSE(request.headers.has("Authorization"));
}

TEST_F(Assertion, NeedsAKey) {
  client.auth_method = "private_key_jwt";
  EXPECT_EQ(make().error().kind, Error::Kind::usage);
  client.auth_method = "client_secret_jwt";
  EXPECT_EQ(make().error().kind, Error::Kind::usage);
  client.auth_method = "private_key_jwt";
  client.key = jose::Key::from_jwk(jose::Key::generate("ES256")->public_jwk()).value();
  EXPECT_EQ(make().error().kind, Error::Kind::usage);
}

TEST_F(Assertion, IsNotForClientsThatAuthenticateOtherwise) {
  client.auth_method = "client_secret_basic";
  client.secret = "secret";
  TokenRequest request;
  request.authenticate(client);
  ASSERT_TRUE(sign(request, {clock, random, redactor}));
  EXPECT_FALSE(request.params.has("client_assertion"));
}

TEST_F(Assertion, IsMadeByAClientThatWasKept) {
  client.auth_method = "private_key_jwt";
  client.key = jose::Key::generate("RS256").value();
  client.signing_alg = "PS256";
  const auto public_key = *client.key;
  client = client_from_json(client_to_json(client));
  const auto jws = jose::Jws::parse(make().value_or(""));
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->alg(), "PS256");
  EXPECT_TRUE(jws->verify(public_key));
}

TEST(MethodFor, TakesTheBestThatIsListed) {
  ServerMetadata server;
  EXPECT_EQ(method_for(server, false, false), "none");
  EXPECT_EQ(method_for(server, false, true), "client_secret_basic");
  EXPECT_EQ(method_for(server, true, true), "private_key_jwt");
  server.token_endpoint_auth_methods = {"client_secret_jwt", "client_secret_post"};
  EXPECT_EQ(method_for(server, false, true), "client_secret_post");
  EXPECT_EQ(method_for(server, true, true), "client_secret_post");
  EXPECT_EQ(method_for(server, true, false), "");
  EXPECT_EQ(method_for(server, false, false), "");
  server.token_endpoint_auth_methods = {"client_secret_jwt"};
  EXPECT_EQ(method_for(server, false, true), "client_secret_jwt");
}

TEST(AlgorithmFor, FollowsTheMetadataAsFarAsTheKeyGoes) {
  ServerMetadata server;
  const auto key = jose::Key::generate("RS256").value();
  EXPECT_EQ(algorithm_for(server, key), "RS256");
  server.token_endpoint_signing_algs = {"ES256", "PS256"};
  EXPECT_EQ(algorithm_for(server, key), "PS256");
  EXPECT_EQ(algorithm_for(server, key, "RS512"), "RS512");
  server.token_endpoint_signing_algs = {"ES256"};
  EXPECT_EQ(algorithm_for(server, key), "RS256");
}

}  // namespace
}  // namespace mcprove::oauth::test
