#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(OriginValidation, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("origin-validation"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(OriginValidation, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"origin-unchecked", "origin-null-allowed", "origin-prefix-compared", "older-wire-skips-origin"})
    EXPECT_THAT(audit_lab("origin-validation", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(OriginValidation, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("origin-validation", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
