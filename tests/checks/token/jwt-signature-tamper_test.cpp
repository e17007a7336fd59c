#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(JwtSignatureTamper, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("jwt-signature-tamper"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(JwtSignatureTamper, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"jwt-signature-remembered"})
    EXPECT_THAT(audit_lab("jwt-signature-tamper", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(JwtSignatureTamper, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("jwt-signature-tamper", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
