#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(PrmValid, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("prm-valid"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(PrmValid, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"prm-as-text", "prm-empty-array", "prm-issuer-with-query"})
    EXPECT_THAT(audit_lab("prm-valid", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(PrmValid, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("prm-valid", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
