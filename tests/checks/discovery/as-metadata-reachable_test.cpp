#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(AsMetadataReachable, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("as-metadata-reachable"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(AsMetadataReachable, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"no-as-metadata"})
    EXPECT_THAT(audit_lab("as-metadata-reachable", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(AsMetadataReachable, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("as-metadata-reachable", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
