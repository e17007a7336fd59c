#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(RedirectQueryPath, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("redirect-query-path"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(RedirectQueryPath, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"any-redirect-matches", "redirect-prefix-matches", "redirect-query-ignored", "redirect-path-case-ignored"})
    EXPECT_THAT(audit_lab("redirect-query-path", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(RedirectQueryPath, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("redirect-query-path", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
