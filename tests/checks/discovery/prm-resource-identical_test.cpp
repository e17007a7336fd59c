#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(PrmResourceIdentical, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("prm-resource-identical"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(PrmResourceIdentical, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"prm-foreign-resource", "prm-sibling-resource"})
    EXPECT_THAT(audit_lab("prm-resource-identical", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(PrmResourceIdentical, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("prm-resource-identical", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
