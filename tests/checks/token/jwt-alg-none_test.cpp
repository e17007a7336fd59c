#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(JwtAlgNone, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("jwt-alg-none"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(JwtAlgNone, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"jwt-none-accepted", "jwt-hmac-with-public-key"})
    EXPECT_THAT(audit_lab("jwt-alg-none", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(JwtAlgNone, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("jwt-alg-none", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
