#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(Challenge401Bearer, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("challenge-401-bearer"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(Challenge401Bearer, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"challenge-missing", "challenge-bad-request-for-garbage", "challenge-server-error-for-garbage"})
    EXPECT_THAT(audit_lab("challenge-401-bearer", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(Challenge401Bearer, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("challenge-401-bearer", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
