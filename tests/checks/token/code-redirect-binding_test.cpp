#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(CodeRedirectBinding, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("code-redirect-binding"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(CodeRedirectBinding, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"code-not-bound-to-redirect"})
    EXPECT_THAT(audit_lab("code-redirect-binding", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(CodeRedirectBinding, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("code-redirect-binding", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
