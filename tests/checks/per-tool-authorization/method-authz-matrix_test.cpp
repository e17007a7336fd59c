#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "method-authz-matrix";

TEST(MethodAuthzMatrix, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(MethodAuthzMatrix, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"resources-open-to-anonymous", "resource-scope-unchecked"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(MethodAuthzMatrix, SaysNothingWhenTheServerIsGone) {
  EXPECT_THAT(audit_url(id, "http://127.0.0.1:1/mcp"), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
