#include "support/check_test.h"

namespace mcprove::testing {
namespace {

using ::testing::AnyOf;

TEST(TokenInQueryAccepted, FailsOnNoSoundServer) {
  EXPECT_THAT(audit_lab("token-in-query-accepted"), AnyOf(Is(Outcome::pass), Is(Outcome::not_applicable)));
}

TEST(TokenInQueryAccepted, FailsOnEachFlawThatNamesIt) {
  for (const std::string_view flaw : {"query-token-accepted"})
    EXPECT_THAT(audit_lab("token-in-query-accepted", {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(TokenInQueryAccepted, AsksForTheStreamOnTheOldestWire) {
  const LabSetup sse{.lab = {.wires = {lab::Wire::sse}}};
  EXPECT_THAT(audit_lab("token-in-query-accepted", {"query-token-accepted"}, sse), Cites("GET", "/sse?access_token=", 200));
  EXPECT_THAT(audit_lab("token-in-query-accepted", {}, sse), Is(Outcome::pass));
}

/// The proof stays where it is: without it, any server refuses.
TEST(TokenInQueryAccepted, LeavesABoundTokenItsProof) {
  const LabSetup bound{.lab = {.demands = {.proofs = true}}};
  EXPECT_THAT(audit_lab("token-in-query-accepted", {"query-token-accepted"}, bound), Is(Outcome::fail));
  EXPECT_THAT(audit_lab("token-in-query-accepted", {}, bound), Is(Outcome::pass));
}

TEST(TokenInQueryAccepted, SaysNothingWhenTheServerIsGone) {
  EXPECT_TRUE(audit_url("token-in-query-accepted", "http://127.0.0.1:1/mcp").outcome.fatal.has_value());
}

}  // namespace
}  // namespace mcprove::testing
