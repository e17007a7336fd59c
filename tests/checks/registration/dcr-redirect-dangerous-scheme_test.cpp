#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(DcrRedirectDangerousScheme, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("dcr-redirect-dangerous-scheme"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(DcrRedirectDangerousScheme, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"any-redirect-scheme", "only-javascript-refused", "script-scheme-refused-in-lower-case", "file-and-blob-redirects"})
    EXPECT_THAT(audit_lab("dcr-redirect-dangerous-scheme", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(DcrRedirectDangerousScheme, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("dcr-redirect-dangerous-scheme", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
