#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(SessionAsAuth, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("session-as-auth"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(SessionAsAuth, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"session-is-credential", "session-stream-unauthenticated", "sse-messages-unauthenticated"})
    EXPECT_THAT(audit_lab("session-as-auth", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(SessionAsAuth, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("session-as-auth", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
