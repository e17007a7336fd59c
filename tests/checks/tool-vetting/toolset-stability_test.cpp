#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "toolset-stability";

TEST(ToolsetStability, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(ToolsetStability, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw :
       {"tools-cloaked-by-user-agent", "tools-cloaked-by-client-name", "tools-grow-after-call", "tools-unordered"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ToolsetStability, GradesOrderLow) {
  const auto run = audit_lab(id, {"tools-unordered"});
  ASSERT_NE(run.first(), nullptr);
  EXPECT_EQ(run.first()->folded.severity, Severity::low);
}

TEST(ToolsetStability, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
