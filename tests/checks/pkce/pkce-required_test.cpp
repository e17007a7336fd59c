#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(PkceRequired, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("pkce-required"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(PkceRequired, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"pkce-optional"})
    EXPECT_THAT(audit_lab("pkce-required", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(PkceRequired, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("pkce-required", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
