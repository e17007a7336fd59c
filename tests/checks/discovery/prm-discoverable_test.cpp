#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(PrmDiscoverable, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("prm-discoverable"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(PrmDiscoverable, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"prm-absent", "prm-challenge-dead-link"})
    EXPECT_THAT(audit_lab("prm-discoverable", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(PrmDiscoverable, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("prm-discoverable", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
