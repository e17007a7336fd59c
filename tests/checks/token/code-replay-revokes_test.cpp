#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(CodeReplayRevokes, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("code-replay-revokes"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(CodeReplayRevokes, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"replay-revokes-nothing", "bad-replay-revokes"})
    EXPECT_THAT(audit_lab("code-replay-revokes", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(CodeReplayRevokes, TakesNoNewLoginForARevocation) {
  LabSetup setup;
  setup.lab.one_grant = true;
  setup.lab.tokens = lab::TokenFormat::opaque;
  setup.options = [](Options& options) { options.only.clear(); };
  const auto run = audit_lab("code-replay-revokes", {}, setup);
  EXPECT_THAT(run, Is(Outcome::pass));
  EXPECT_THAT(run, Case("replay with a wrong verifier", Outcome::pass));
}

TEST(CodeReplayRevokes, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("code-replay-revokes", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
