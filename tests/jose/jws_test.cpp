#include "jose/jws.h"

#include <cjose/cjose.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <set>

#include "base/text.h"

namespace mcprove::jose {
namespace {

using json::str;

struct FreeCjose {
  void operator()(cjose_jwk_t* jwk) const { cjose_jwk_release(jwk); }
  void operator()(cjose_jws_t* jws) const { cjose_jws_release(jws); }
  void operator()(cjose_header_t* header) const { cjose_header_release(header); }
};
using CjoseKey = std::unique_ptr<cjose_jwk_t, FreeCjose>;
using CjoseJws = std::unique_ptr<cjose_jws_t, FreeCjose>;
using CjoseHeader = std::unique_ptr<cjose_header_t, FreeCjose>;

json::Value header_of(std::string_view alg) { return json::Value::object({{"typ", str("at+jwt")}, {"alg", str(alg)}}); }

json::Value claims() { return json::Value::object({{"iss", str("https://as.test")}, {"n", json::num(7)}}); }

json::Value parsed(std::string_view text) { return json::parse(text).value_or(json::Value()); }

class EveryAlgorithm : public testing::TestWithParam<const char*> {};

TEST_P(EveryAlgorithm, SignsWhatItVerifiesAndNothingElse) {
  const auto key = Key::generate(GetParam());
  ASSERT_TRUE(key) << key.error().message;
  const auto token = sign(header_of(GetParam()), claims(), *key);
  ASSERT_TRUE(token) << token.error().message;
  const auto jws = Jws::parse(*token);
  ASSERT_TRUE(jws);
  EXPECT_TRUE(jws->verify(*key));
  EXPECT_EQ(jws->claims, claims());
  EXPECT_EQ(jws->compact(), *token);

  EXPECT_FALSE(Jws::parse(jws->with_flipped_bit())->verify(*key));
  EXPECT_FALSE(Jws::parse(jws->without_signature())->verify(*key));
  EXPECT_FALSE(Jws::parse(jws->with_claims(claims().with("n", json::num(8))))->verify(*key));
  EXPECT_FALSE(Jws::parse(jws->with_header(header_of(GetParam()).with("x", str("y"))))->verify(*key));
  EXPECT_FALSE(jws->verify(*Key::generate(GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Jws, EveryAlgorithm,
                         testing::Values("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
                                         "HS256", "HS384", "HS512"));

class AgreesWithCjose : public testing::TestWithParam<const char*> {};

TEST_P(AgreesWithCjose, OnOurSignature) {
  const auto key = Key::generate(GetParam());
  ASSERT_TRUE(key);
  const auto token = sign(header_of(GetParam()), claims(), *key);
  ASSERT_TRUE(token);
  const std::string jwk = key->public_jwk().dump();
  cjose_err error{};
  const CjoseKey other_key(cjose_jwk_import(jwk.data(), jwk.size(), &error));
  ASSERT_TRUE(other_key) << error.message;
  const CjoseJws other(cjose_jws_import(token->data(), token->size(), &error));
  ASSERT_TRUE(other) << error.message;
  EXPECT_TRUE(cjose_jws_verify(other.get(), other_key.get(), &error)) << error.message;
}

INSTANTIATE_TEST_SUITE_P(Jws, AgreesWithCjose, testing::Values("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512"));

TEST(Jws, VerifiesWhatCjoseSigned) {
  cjose_err error{};
  struct Case {
    const char* alg;
    cjose_jwk_t* key;
  };
  for (const auto& [alg, raw] : {Case{"ES256", cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, &error)},
                                 Case{"ES512", cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_521, &error)},
                                 Case{"PS384", cjose_jwk_create_RSA_random(2048, nullptr, 0, &error)},
                                 Case{"HS256", cjose_jwk_create_oct_random(256, &error)}}) {
    const CjoseKey key(raw);
    const CjoseHeader header(cjose_header_new(&error));
    ASSERT_TRUE(cjose_header_set(header.get(), CJOSE_HDR_ALG, alg, &error));
    const std::string payload = R"({"sub":"alice"})";
    const CjoseJws made(
        cjose_jws_sign(key.get(), header.get(), reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(), &error));
    ASSERT_TRUE(made) << alg << error.message;
    const char* compact = nullptr;
    ASSERT_TRUE(cjose_jws_export(made.get(), &compact, &error));
    const std::unique_ptr<char, decltype(&std::free)> jwk(cjose_jwk_to_json(key.get(), true, &error), &std::free);
    const auto ours = Key::from_jwk(parsed(jwk.get()));
    ASSERT_TRUE(ours) << alg << ours.error().message;
    const auto jws = Jws::parse(compact);
    ASSERT_TRUE(jws);
    EXPECT_TRUE(jws->verify(*ours)) << alg;
    EXPECT_TRUE(ours->has_private());
    // The private members that cjose wrote sign as well.
    const auto again = ours->sign(alg, "input");
    ASSERT_TRUE(again) << alg << again.error().message;
    EXPECT_TRUE(ours->verify(alg, "input", *again));
  }
}

TEST(Jws, ReadsTheExampleOfRfc7515A1) {
  const auto jws = Jws::parse(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
      "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->claims.string("iss"), "joe");
  const auto key = Key::from_jwk(
      parsed(R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})"));
  ASSERT_TRUE(key);
  EXPECT_TRUE(jws->verify(*key));
}

TEST(Jws, ReadsTheExampleOfRfc8037) {
  const auto key = Key::from_jwk(parsed(
      R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"));
  ASSERT_TRUE(key);
  EXPECT_EQ(key->thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  const auto signature = key->sign("EdDSA", "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
  ASSERT_TRUE(signature);
  EXPECT_EQ(text::base64url_encode(*signature),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
}

TEST(Jws, RefusesWhatIsNoToken) {
  for (const char* text :
       {"", ".", "..", "a.b.c", "e30.e30.", "bnVsbA.e30.", "eyJhbGciOiJub25lIn0.e30", "eyJhbGciOiJub25lIn0.e30..",
        "eyJhbGciOiJub25lIn0=.e30.", "eyJhbGciOjF9.e30.", "eyJhbGciOiJub25lIn0.e30.a"}) {
    EXPECT_FALSE(Jws::parse(text)) << text;
  }
  EXPECT_FALSE(Jws::parse(std::string(300U << 10U, 'a') + "..")) << "a token without bounds";
  EXPECT_TRUE(Jws::parse("eyJhbGciOiJub25lIn0.e30."));
  EXPECT_TRUE(Jws::parse("eyJhbGciOiJub25lIn0.bm90IGpzb24.")->claims.is_null());
}

TEST(Jws, NeverVerifiesUnsignedOnes) {
  const auto key = Key::generate("ES256");
  for (const char* alg : {"none", "None", "NONE", "", "ES256"}) {
    const auto jws = Jws::parse(unsigned_token(header_of(alg), claims()));
    ASSERT_TRUE(jws);
    EXPECT_EQ(jws->signature_b64, "");
    EXPECT_FALSE(jws->verify(*key)) << alg;
  }
}

TEST(Jws, UnderstandsNoCriticalExtension) {
  const auto key = Key::generate("HS256");
  const auto token = sign(header_of("HS256").with("crit", json::strings({"exp"})), claims(), *key);
  EXPECT_FALSE(Jws::parse(*token)->verify(*key));
}

TEST(Jws, ConfusionNeedsTheBytesOfThePublicKey) {
  const auto key = Key::generate("RS256");
  const std::string token = sign_hmac(header_of("RS256"), claims(), key->public_pem());
  const auto jws = Jws::parse(token);
  EXPECT_EQ(jws->alg(), "HS256");
  EXPECT_FALSE(jws->verify(*key)) << "an RSA key checks no HMAC";
  const auto victim =
      Key::from_jwk(json::Value::object({{"kty", str("oct")}, {"k", str(text::base64url_encode(key->public_pem()))}}));
  EXPECT_TRUE(jws->verify(*victim));
  EXPECT_TRUE(Jws::parse(sign_hmac(header_of("HS512"), claims(), "", "HS512"))) << "an empty secret signs too";
}

TEST(Jws, SignsUnderTheKeysAlgorithmIfTheHeaderHasNone) {
  const auto key = Key::generate("ES384");
  const auto token = sign(json::Value::object({}), claims(), *key);
  ASSERT_TRUE(token);
  EXPECT_EQ(Jws::parse(*token)->alg(), "ES384");
  const auto wrong = sign(header_of("RS256"), claims(), *key);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, Error::Kind::usage);
}

TEST(Pkce, ChallengeOfRfc7636AppendixB) {
  EXPECT_EQ(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  SeededRandom random(1);
  const std::string verifier = pkce_verifier(random);
  EXPECT_EQ(verifier.size(), 43U);
  EXPECT_NE(verifier, pkce_verifier(random));
}

// Another implementation reads what we export and signs with it; we read that.
TEST(PrivateJwk, IsAKeyToOthersToo) {
  for (const auto* alg : {"ES256", "ES384", "ES512", "RS256", "HS256"}) {
    const auto key = Key::generate(alg).value();
    const auto exported = key.private_jwk().dump();
    cjose_err error{};
    const CjoseKey other(cjose_jwk_import(exported.data(), exported.size(), &error));
    ASSERT_TRUE(other) << alg << ": " << error.message;
    const CjoseHeader header(cjose_header_new(&error));
    ASSERT_TRUE(cjose_header_set(header.get(), CJOSE_HDR_ALG, alg, &error));
    const std::string payload = claims().dump();
    const CjoseJws made(
        cjose_jws_sign(other.get(), header.get(), reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size(), &error));
    ASSERT_TRUE(made) << alg << ": " << error.message;
    const char* compact = nullptr;
    ASSERT_TRUE(cjose_jws_export(made.get(), &compact, &error));
    EXPECT_TRUE(Jws::parse(compact)->verify(key)) << alg;
  }
}

TEST(PrivateJwk, ComesBackAsTheSameKey) {
  for (const auto* alg : {"ES256", "RS256", "EdDSA", "HS256"}) {
    const auto key = Key::generate(alg).value();
    const auto again = Key::from_jwk(key.private_jwk()).value();
    EXPECT_EQ(again.private_jwk(), key.private_jwk()) << alg;
    EXPECT_TRUE(key.verify(alg, "text", again.sign(alg, "text").value_or(""))) << alg;
  }
}

TEST(PrivateJwk, OfAPublicKeyHasNothingPrivate) {
  const auto shown = Key::from_jwk(Key::generate("RS256")->public_jwk())->private_jwk();
  for (const auto* member : {"d", "p", "q", "dp", "dq", "qi", "k"}) EXPECT_FALSE(shown.has(member)) << member;
}

}  // namespace
}  // namespace mcprove::jose
