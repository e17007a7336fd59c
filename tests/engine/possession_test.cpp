#include "engine/possession.h"

#include <string>

#include <gtest/gtest.h>

#include "jose/jws.h"

namespace mcprove {
namespace {

struct Bound : testing::Test {
  net::Url target = net::Url::parse("https://rs.example/mcp").value();
  ManualClock clock{Clock::Wall{} + std::chrono::hours(24 * 20'000)};
  SeededRandom random{1};
  Possession possession{target, clock, random};

  net::Request with(const std::string& url, const std::string& authorization) {
    net::Request request{.method = "POST", .url = url};
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    possession.finish(request);
    return request;
  }
  static std::string shown(const net::Request& request) { return request.headers.find("Authorization").value_or(""); }
  void bind() {
    ASSERT_TRUE(possession.begin("ES256"));
    possession.bind("bound-token");
  }
};

TEST_F(Bound, BearerTokensAreLeftAloneUntilOneIsBound) {
  EXPECT_EQ(shown(with("https://rs.example/mcp", "Bearer some-token")), "Bearer some-token");
  ASSERT_TRUE(possession.begin("ES256"));
  EXPECT_EQ(shown(with("https://rs.example/mcp", "Bearer some-token")), "Bearer some-token") << "a proof was only offered";
}

TEST_F(Bound, EveryTokenGoesToTheTargetTheWayItTakesThem) {
  bind();
  for (const auto* token : {"bound-token", "forged-token"}) {
    const auto request = with("https://rs.example/mcp", std::string("Bearer ") + token);
    EXPECT_EQ(shown(request), std::string("DPoP ") + token);
    const auto proof = jose::Jws::parse(request.headers.find("DPoP").value_or(""));
    ASSERT_TRUE(proof) << "a forged token without a proof would be refused for want of it";
    EXPECT_EQ(proof->claims.string("htu"), "https://rs.example/mcp");
    EXPECT_EQ(proof->claims.string("htm"), "POST");
  }
}

TEST_F(Bound, NoProofIsMadeTwice) {
  bind();
  const auto id = [&] {
    const auto request = with("https://rs.example/mcp", "Bearer bound-token");
    return jose::Jws::parse(request.headers.find("DPoP").value_or(""))->claims.string("jti").value_or("");
  };
  EXPECT_NE(id(), id());
}

TEST_F(Bound, WhatIsBentOtherwiseStaysBent) {
  bind();
  for (const auto* bent : {"bearer bound-token", "Basic bound-token", "DPoP bound-token", "Bearer", ""}) {
    const auto request = with("https://rs.example/mcp", bent);
    EXPECT_EQ(shown(request), bent);
    EXPECT_FALSE(request.headers.has("DPoP"));
  }
}

TEST_F(Bound, OtherServersGetNoProofOfOtherTokens) {
  bind();
  possession.spare("registration-token");
  EXPECT_EQ(shown(with("https://as.example/register", "Bearer other-token")), "Bearer other-token");
  EXPECT_EQ(shown(with("https://rs.example/register/1", "Bearer registration-token")), "Bearer registration-token");
  EXPECT_EQ(shown(with("https://as.example/userinfo", "Bearer bound-token")), "DPoP bound-token");
}

TEST_F(Bound, ANonceIsUsedAtOnceAndARefusalOnlyOnce) {
  bind();
  const auto request = with("https://rs.example/mcp", "Bearer bound-token");
  net::Response refusal{.status = 401};
  refusal.headers.add("WWW-Authenticate", R"(DPoP error="use_dpop_nonce")").add("DPoP-Nonce", "nonce-1");
  EXPECT_TRUE(possession.again(request, refusal));
  EXPECT_FALSE(possession.again(request, refusal)) << "it brought nothing new";
  const auto next = with("https://rs.example/mcp", "Bearer bound-token");
  EXPECT_EQ(jose::Jws::parse(next.headers.find("DPoP").value_or(""))->claims.string("nonce"), "nonce-1");
}

TEST_F(Bound, KeysOfEarlierRunsAreTakenUpOneAtATime) {
  const auto key = jose::Key::generate("ES256").value();
  ASSERT_TRUE(possession.begin_with(key.private_jwk().dump()));
  EXPECT_TRUE(possession.begin_with(key.private_jwk().dump()));
  EXPECT_EQ(possession.prover()->key().thumbprint(), key.thumbprint());
  EXPECT_FALSE(possession.begin_with(jose::Key::generate("ES256")->private_jwk().dump()));
}

}  // namespace
}  // namespace mcprove
