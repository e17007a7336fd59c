#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(DcrScopeOvergrant, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("dcr-scope-overgrant"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(DcrScopeOvergrant, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"any-scope-registered"})
    EXPECT_THAT(audit_lab("dcr-scope-overgrant", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(DcrScopeOvergrant, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("dcr-scope-overgrant", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
