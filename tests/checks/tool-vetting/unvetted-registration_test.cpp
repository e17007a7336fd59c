#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "unvetted-registration";

TEST(UnvettedRegistration, PassesASoundServerOnEveryWire) {
  for (const auto wire : {lab::Wire::handshake, lab::Wire::stateless, lab::Wire::sse})
    EXPECT_THAT(audit_lab(id, {}, {.lab = {.wires = {wire}}}), Is(Outcome::pass));
}

TEST(UnvettedRegistration, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"register-tool-open"}) EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(UnvettedRegistration, OnlyPointsAtTheToolUnlessAllowedToTryIt) {
  const auto run = audit_lab(id, {"register-tool-open"}, {.options = [](Options& o) { o.effect = Effect::active; }});
  EXPECT_THAT(run, Case("tool register_tool", Outcome::inconclusive));
}

}  // namespace
}  // namespace mcprove::testing
