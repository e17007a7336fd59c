#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(AsMetadataRequiredFields, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("as-metadata-required-fields"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(AsMetadataRequiredFields, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"metadata-without-response-types", "metadata-with-script-endpoint"})
    EXPECT_THAT(audit_lab("as-metadata-required-fields", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(AsMetadataRequiredFields, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("as-metadata-required-fields", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
