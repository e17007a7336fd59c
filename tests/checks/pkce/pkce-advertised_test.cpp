#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(PkceAdvertised, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("pkce-advertised"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(PkceAdvertised, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"pkce-not-advertised", "only-plain-advertised"})
    EXPECT_THAT(audit_lab("pkce-advertised", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(PkceAdvertised, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("pkce-advertised", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
