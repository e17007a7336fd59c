#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(UnauthToolsExposed, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("unauth-tools-exposed"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(UnauthToolsExposed, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"tools-open-to-anonymous", "sse-open-to-anonymous"})
    EXPECT_THAT(audit_lab("unauth-tools-exposed", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(UnauthToolsExposed, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("unauth-tools-exposed", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
