#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(ArchClassify, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("arch-classify"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(ArchClassify, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("arch-classify", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
