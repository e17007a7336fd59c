#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(PkceVerifierEnforced, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("pkce-verifier-enforced"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(PkceVerifierEnforced, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"verifier-ignored", "missing-verifier-accepted", "empty-verifier-accepted",
                                      "wrong-verifier-accepted", "verifier-of-any-code-accepted"})
    EXPECT_THAT(audit_lab("pkce-verifier-enforced", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(PkceVerifierEnforced, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("pkce-verifier-enforced", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
