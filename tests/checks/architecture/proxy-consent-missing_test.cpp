#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(ProxyConsentMissing, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("proxy-consent-missing"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(ProxyConsentMissing, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"proxy-without-consent"})
    EXPECT_THAT(audit_lab("proxy-consent-missing", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ProxyConsentMissing, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("proxy-consent-missing", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
