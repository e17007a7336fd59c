#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(RefreshRotation, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("refresh-rotation"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(RefreshRotation, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"refresh-token-not-rotated", "used-refresh-token-accepted"})
    EXPECT_THAT(audit_lab("refresh-rotation", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(RefreshRotation, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("refresh-rotation", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
