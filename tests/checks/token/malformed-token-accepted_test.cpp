#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(MalformedTokenAccepted, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("malformed-token-accepted"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(MalformedTokenAccepted, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"garbage-token-accepted", "null-token-accepted", "jwt-signature-ignored"})
    EXPECT_THAT(audit_lab("malformed-token-accepted", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(MalformedTokenAccepted, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("malformed-token-accepted", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
