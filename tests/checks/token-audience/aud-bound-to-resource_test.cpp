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

}  // namespace
}  // namespace mcprove::testing
