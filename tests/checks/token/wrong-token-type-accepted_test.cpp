#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(WrongTokenTypeAccepted, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("wrong-token-type-accepted"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(WrongTokenTypeAccepted, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"id-token-accepted", "refresh-token-accepted"})
    EXPECT_THAT(audit_lab("wrong-token-type-accepted", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(WrongTokenTypeAccepted, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("wrong-token-type-accepted", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
