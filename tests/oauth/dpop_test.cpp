#include "oauth/dpop.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "base/text.h"
#include "jose/jws.h"
#include "tests/oauth/site.h"

namespace mcprove::oauth::test {
namespace {

struct Dpop : testing::Test {
  ManualClock clock{Clock::Wall{} + std::chrono::seconds(1'000'000)};
  SeededRandom random{3};
  Prover prover{jose::Key::generate("ES256").value(), clock, random};

  jose::Jws proof(std::string_view method, std::string_view url, std::string_view token = {}) {
    return jose::Jws::parse(prover.proof(method, url, token).value()).value();
  }
};

TEST_F(Dpop, ProofIsForOneRequestAlone) {
  const auto made = proof("POST", "https://rs.example:8443/mcp?a=1#part", "token-1");
  EXPECT_EQ(made.header.string("typ"), "dpop+jwt");
  EXPECT_EQ(made.alg(), "ES256");
  EXPECT_TRUE(made.verify(prover.key()));
  EXPECT_FALSE(made.header.at("jwk").has("d")) << "the private key was shown";
  EXPECT_EQ(jose::Key::from_jwk(made.header.at("jwk"))->thumbprint(), prover.key().thumbprint());
  EXPECT_EQ(made.claims.string("htm"), "POST");
  EXPECT_EQ(made.claims.string("htu"), "https://rs.example:8443/mcp");
  EXPECT_EQ(made.claims.integer("iat"), 1'000'000);
  EXPECT_EQ(made.claims.string("ath"), text::base64url_encode(text::sha256("token-1")));
  EXPECT_NE(made.claims.string("jti"), proof("POST", "https://rs.example:8443/mcp", "token-1").claims.string("jti"));
}

TEST_F(Dpop, ProofForATokenRequestNamesNoToken) { EXPECT_FALSE(proof("POST", "https://as.example/token").claims.has("ath")); }

TEST_F(Dpop, NonceIsUsedWhereItCameFromAndNowhereElse) {
  net::Headers headers;
  headers.add("DPoP-Nonce", "nonce-1");
  EXPECT_TRUE(prover.learn("https://as.example/token", headers));
  EXPECT_FALSE(prover.learn("https://as.example/par", headers)) << "it is no news";
  EXPECT_EQ(proof("POST", "https://as.example/par").claims.string("nonce"), "nonce-1");
  EXPECT_FALSE(proof("POST", "https://rs.example/mcp").claims.has("nonce"));
}

TEST_F(Dpop, StrangeNoncesArePassedOver) {
  for (const auto* strange : {"", "with blank", "quo\"te", "back\\slash"}) {
    net::Headers headers;
    headers.add("DPoP-Nonce", strange);
    EXPECT_FALSE(prover.learn("https://as.example/token", headers)) << strange;
  }
  net::Headers two;
  two.add("DPoP-Nonce", "one").add("DPoP-Nonce", "two");
  EXPECT_FALSE(prover.learn("https://as.example/token", two));
}

TEST(WantsNonce, ByChallengeOrByBody) {
  EXPECT_TRUE(wants_nonce(json(400, R"({"error":"use_dpop_nonce"})")));
  net::Response challenged = json(401, "{}");
  challenged.headers.add("WWW-Authenticate", R"(DPoP error="use_dpop_nonce")");
  EXPECT_TRUE(wants_nonce(challenged));
  EXPECT_FALSE(wants_nonce(json(400, R"({"error":"invalid_grant"})")));
  EXPECT_FALSE(wants_nonce(json(200, R"({"error":"use_dpop_nonce"})")));
}

TEST(ProofAlgorithm, IsOneOfOurs) {
  EXPECT_EQ(proof_algorithm({"RS256", "ES256"}), "ES256");
  EXPECT_EQ(proof_algorithm({"EdDSA"}), "EdDSA");
  EXPECT_EQ(proof_algorithm({"HS256", "none"}), "");
  EXPECT_EQ(proof_algorithm({}), "");
}

TEST(TokenRequestWithProof, IsSentOnceMoreWithTheNonceAndNoOftener) {
  Bench bench;
  Prover prover(jose::Key::generate("ES256").value(), bench.clock, bench.random);
  int asked = 0;
  bench.site.on("POST https://as.example/token", [&](const net::Request&) {
    auto again = json(400, R"({"error":"use_dpop_nonce"})");
    again.headers.add("DPoP-Nonce", "nonce-" + std::to_string(++asked));  // never satisfied
    return again;
  });
  const auto request = client_credentials_request(bench.server, bench.client, "read", "https://rs.example/mcp");
  const auto answer = request_token(bench.recorder, bench.redactor, bench.clock, request, &prover);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->answer, Answer::denied);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace mcprove::oauth::test
