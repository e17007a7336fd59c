#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(PkceDowngrade, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("pkce-downgrade"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(PkceDowngrade, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"unchallenged-code-takes-any-verifier", "challenge-accepted-as-verifier", "consent-form-sets-challenge-method"})
    EXPECT_THAT(audit_lab("pkce-downgrade", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(PkceDowngrade, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("pkce-downgrade", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
