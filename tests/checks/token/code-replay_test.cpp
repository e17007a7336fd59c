#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(CodeReplay, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("code-replay"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(CodeReplay, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"code-reusable"}) EXPECT_THAT(audit_lab("code-replay", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(CodeReplay, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("code-replay", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
