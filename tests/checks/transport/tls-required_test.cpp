#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(TlsRequired, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("tls-required"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(TlsRequired, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"plain-text-served"})
    EXPECT_THAT(audit_lab("tls-required", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(TlsRequired, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("tls-required", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
