#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(DcrOpen, FailsOnNoSoundServer) { EXPECT_THAT(audit_lab("dcr-open"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable))); }

TEST(DcrOpen, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("dcr-open", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
