#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(DcrRedirectHttpNonloopback, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("dcr-redirect-http-nonloopback"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(DcrRedirectHttpNonloopback, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"http-redirect-anywhere", "loopback-judged-by-prefix"})
    EXPECT_THAT(audit_lab("dcr-redirect-http-nonloopback", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(DcrRedirectHttpNonloopback, IsWorseWhereADefenceWasFooled) {
  const auto fooled = audit_lab("dcr-redirect-http-nonloopback", {"loopback-judged-by-prefix"});
  ASSERT_NE(fooled.first(), nullptr);
  EXPECT_EQ(fooled.first()->folded.severity, Severity::high);
  const auto without = audit_lab("dcr-redirect-http-nonloopback", {"http-redirect-anywhere"});
  ASSERT_NE(without.first(), nullptr);
  EXPECT_EQ(without.first()->folded.severity, Severity::medium);
}

TEST(DcrRedirectHttpNonloopback, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("dcr-redirect-http-nonloopback", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
