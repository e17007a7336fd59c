#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(CodeClientBinding, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("code-client-binding"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(CodeClientBinding, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"code-not-bound-to-client", "client-id-not-needed"})
    EXPECT_THAT(audit_lab("code-client-binding", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(CodeClientBinding, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("code-client-binding", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
