#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(RedirectHostScheme, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("redirect-host-scheme"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(RedirectHostScheme, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw :
       {"any-redirect-matches", "redirect-scheme-ignored", "redirect-subdomains-match", "redirect-host-ignored",
        "redirect-host-prefix-matches", "redirect-loopback-prefix-matches"})
    EXPECT_THAT(audit_lab("redirect-host-scheme", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(RedirectHostScheme, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("redirect-host-scheme", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
