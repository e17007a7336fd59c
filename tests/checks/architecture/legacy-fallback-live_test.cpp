#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(LegacyFallbackLive, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("legacy-fallback-live"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(LegacyFallbackLive, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"legacy-endpoints-live"})
    EXPECT_THAT(audit_lab("legacy-fallback-live", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(LegacyFallbackLive, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("legacy-fallback-live", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
