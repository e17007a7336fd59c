#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(AuthOnEveryRequest, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("auth-on-every-request"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(AuthOnEveryRequest, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"connection-remembers-token"})
    EXPECT_THAT(audit_lab("auth-on-every-request", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(AuthOnEveryRequest, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("auth-on-every-request", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
