#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "tool-hidden-callable";

TEST(ToolHiddenCallable, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(ToolHiddenCallable, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"hidden-tool-callable"}) EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ToolHiddenCallable, DoesNotCallWhatMightDoHarm) {
  const auto run = audit_lab(id, {}, {.options = [](Options& o) { o.effect = Effect::active; }});
  EXPECT_THAT(run, Case("user_disable, bob", Outcome::inconclusive));
  EXPECT_THAT(run, Case("users_list, bob", Outcome::pass));
}

}  // namespace
}  // namespace mcprove::testing
