#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(EraDowngrade, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("era-downgrade"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(EraDowngrade, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"older-wire-skips-scope", "older-wire-skips-origin", "sse-open-to-anonymous"})
    EXPECT_THAT(audit_lab("era-downgrade", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(EraDowngrade, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("era-downgrade", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
