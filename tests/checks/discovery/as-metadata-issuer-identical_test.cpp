#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(AsMetadataIssuerIdentical, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("as-metadata-issuer-identical"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(AsMetadataIssuerIdentical, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"issuer-with-extra-slash", "metadata-issuer-on-other-host"})
    EXPECT_THAT(audit_lab("as-metadata-issuer-identical", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(AsMetadataIssuerIdentical, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("as-metadata-issuer-identical", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
