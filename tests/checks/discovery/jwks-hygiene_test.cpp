#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(JwksHygiene, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("jwks-hygiene"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(JwksHygiene, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"jwks-with-private-key", "jwks-with-symmetric-key", "jwks-with-short-rsa-key", "jwks-with-one-kid-twice"})
    EXPECT_THAT(audit_lab("jwks-hygiene", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(JwksHygiene, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("jwks-hygiene", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
