#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(IssResponse, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("iss-response"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(IssResponse, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"iss-missing", "iss-missing-in-errors", "iss-differs", "iss-not-advertised"})
    EXPECT_THAT(audit_lab("iss-response", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(IssResponse, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("iss-response", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
