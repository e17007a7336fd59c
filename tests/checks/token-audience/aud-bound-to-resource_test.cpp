#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup opaque() {
  LabSetup setup;
  setup.lab.tokens = lab::TokenFormat::opaque;
  return setup;
}

TEST(AudBoundToResource, PassesASoundServer) { EXPECT_THAT(audit_lab("aud-bound-to-resource"), Is(Outcome::pass)); }

TEST(AudBoundToResource, SeesAnAudienceThatIsTooWide) {
  const auto run = audit_lab("aud-bound-to-resource", {"audience-too-wide"});
  EXPECT_THAT(run, Is(Outcome::fail));
  EXPECT_THAT(run, Cites("POST", "/token", 200));
}

TEST(AudBoundToResource, CannotSeeIntoOpaqueTokens) {
  EXPECT_THAT(audit_lab("aud-bound-to-resource", {}, opaque()), Is(Outcome::inconclusive));
}

TEST(AudBoundToResource, SeesIntoThemWithTheResourceServersOwnClient) {
  auto lent = opaque();
  lent.lend_introspection = true;
  EXPECT_THAT(audit_lab("aud-bound-to-resource", {}, lent), Is(Outcome::pass));
  const auto wide = audit_lab("aud-bound-to-resource", {"audience-too-wide"}, lent);
  EXPECT_THAT(wide, Is(Outcome::fail));
  EXPECT_THAT(wide, Cites("POST", "/introspect", 200));
}

}  // namespace
}  // namespace mcprove::testing
