#include "jose/jwk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace mcprove::jose {
namespace {

using json::str;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

json::Value parsed(std::string_view text) { return json::parse(text).value_or(json::Value()); }

constexpr const char* rfc7638 =
    R"({"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"})";

constexpr const char* p256 =
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})";

TEST(Jwk, ThumbprintOfRfc7638) {
  const auto key = Key::from_jwk(parsed(rfc7638));
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  EXPECT_EQ(key->bits(), 2048);
  EXPECT_EQ(key->kid(), "2011-04-29");
  EXPECT_EQ(key->modulus().size(), 256U);
  EXPECT_FALSE(key->has_private());
  EXPECT_EQ(key->public_jwk(), parsed(rfc7638));
}

TEST(Jwk, PublicFormNeverHoldsPrivateMembers) {
  for (const char* alg : {"RS256", "ES256", "ES512", "EdDSA", "HS256"}) {
    const auto key = Key::generate(alg);
    ASSERT_TRUE(key);
    EXPECT_TRUE(key->has_private());
    const json::Value jwk = key->public_jwk();
    for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "k"}) EXPECT_FALSE(jwk.has(member)) << alg << member;
    if (key->kty() == "oct") continue;
    const auto again = Key::from_jwk(jwk);
    ASSERT_TRUE(again) << alg;
    EXPECT_FALSE(again->has_private());
    EXPECT_EQ(again->thumbprint(), key->thumbprint());
    const auto signature = key->sign(alg, "x");
    ASSERT_TRUE(signature);
    EXPECT_TRUE(again->verify(alg, "x", *signature));
    const auto refused = again->sign(alg, "x");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, Error::Kind::usage);
  }
}

TEST(Jwk, KnowsWhichAlgorithmsItFits) {
  const auto ec = Key::from_jwk(parsed(p256));
  ASSERT_TRUE(ec) << ec.error().message;
  EXPECT_TRUE(ec->fits("ES256"));
  for (const char* alg : {"ES384", "RS256", "EdDSA", "HS256", "none", "", "es256"}) EXPECT_FALSE(ec->fits(alg)) << alg;
  EXPECT_EQ(ec->alg(), "ES256");
  EXPECT_EQ(ec->bits(), 256);
  const auto rsa = Key::from_jwk(parsed(rfc7638));
  EXPECT_TRUE(rsa->fits("PS512"));
}

TEST(Jwk, RefusesWhatIsNoKey) {
  const json::Value good = parsed(p256);
  const json::Value cases[] = {
      json::Value(),
      str("key"),
      parsed("{}"),
      parsed(R"({"kty":1})"),
      parsed(R"({"kty":"RSA"})"),
      parsed(R"({"kty":"RSA","n":"AQAB"})"),
      parsed(R"({"kty":"RSA","n":"!!","e":"AQAB"})"),
      parsed(R"({"kty":"RSA","n":5,"e":"AQAB"})"),
      parsed(R"({"kty":"oct"})"),
      parsed(R"({"kty":"OKP","crv":"Ed25519","x":"AA"})"),
      good.with("x", str("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEQ")),  // not on the curve
      good.with("x", str("AA")),
      good.without("y"),
      good.with("crv", str("P-384")),
      parsed(R"({"kty":"RSA","e":"AQAB"})").with("n", str(std::string(100000, 'A'))),
  };
  for (const auto& jwk : cases) {
    const auto key = Key::from_jwk(jwk);
    ASSERT_FALSE(key) << jwk.dump();
    EXPECT_NE(key.error().kind, Error::Kind::unavailable) << jwk.dump();
  }
  for (const char* unknown :
       {R"({"kty":"OKP","crv":"X25519","x":"AA"})", R"({"kty":"EC","crv":"secp256k1"})", R"({"kty":"AKP"})"}) {
    const auto key = Key::from_jwk(parsed(unknown));
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().kind, Error::Kind::unavailable) << unknown;
  }
}

TEST(Jwk, ReadsPem) {
  for (const char* alg : {"RS256", "ES256", "ES384", "ES512", "EdDSA"}) {
    const auto key = Key::generate(alg);
    const auto again = Key::from_pem(key->public_pem());
    ASSERT_TRUE(again) << alg << again.error().message;
    EXPECT_EQ(again->thumbprint(), key->thumbprint());
    EXPECT_FALSE(again->has_private());
    EXPECT_EQ(again->public_der(), key->public_der());
  }
  for (const char* bad : {"", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"})
    EXPECT_FALSE(Key::from_pem(bad)) << bad;
  // RFC 8410 section 10.3.
  const auto secret = Key::from_pem(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n");
  ASSERT_TRUE(secret) << secret.error().message;
  EXPECT_TRUE(secret->has_private());
  EXPECT_EQ(secret->public_jwk().string("x"), "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE");
}

TEST(KeySet, FindsItsFlaws) {
  const auto rsa = parsed(rfc7638);
  const auto ec = parsed(p256).with("kid", str("2011-04-29"));
  const auto secret = parsed(R"({"kty":"oct","k":"c2VjcmV0","kid":"s"})");
  const auto set = KeySet::parse(json::Value::object(
      {{"keys", json::Value::array({rsa, ec, secret, ec, str("x"), parsed(R"({"kty":"OKP","crv":"X25519"})")})}}));
  EXPECT_EQ(set.keys.size(), 4U);
  EXPECT_THAT(set.private_members, ElementsAre("/keys/2/k"));
  EXPECT_THAT(set.duplicate_kids, ElementsAre("2011-04-29"));
  EXPECT_THAT(set.unreadable, ElementsAre(HasSubstr("/keys/4: "), HasSubstr("/keys/5: ")));
  const Key* by_alg = set.find("2011-04-29", "ES256");
  ASSERT_NE(by_alg, nullptr);
  EXPECT_EQ(by_alg->kty(), "EC");
  EXPECT_EQ(set.find("2011-04-29", "RS256")->kty(), "RSA");
  EXPECT_EQ(set.find("unknown", "RS256")->kty(), "RSA") << "the only one that fits";
  EXPECT_EQ(set.find("unknown", "ES256"), nullptr) << "two fit";
  EXPECT_EQ(set.find("", "none"), nullptr);
}

TEST(KeySet, TakesAnyDocument) {
  for (const char* text : {"null", "[]", "{}", R"({"keys":{}})", R"({"keys":"x"})"}) {
    const auto set = KeySet::parse(parsed(text));
    EXPECT_THAT(set.keys, IsEmpty());
    EXPECT_EQ(set.unreadable.size(), 1U) << text;
  }
  EXPECT_THAT(KeySet::parse(parsed(R"({"keys":[]})")).unreadable, IsEmpty());
  const auto many =
      KeySet::parse(json::Value::object({{"keys", json::Value::array(std::vector<json::Value>(2000, parsed(p256)))}}));
  EXPECT_LT(many.keys.size(), 2000U);
  EXPECT_EQ(many.unreadable.size(), 1U);
}

}  // namespace
}  // namespace mcprove::jose
