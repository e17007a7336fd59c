#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup opaque() {
  LabSetup setup;
  setup.lab.tokens = lab::TokenFormat::opaque;
  return setup;
}

TEST(ResourceOmitted, PassesASoundServer) { EXPECT_THAT(audit_lab("resource-omitted"), Is(Outcome::pass)); }

TEST(ResourceOmitted, SeesATokenForNobodyServed) {
  const auto run = audit_lab("resource-omitted", {"omitted-resource-leaves-no-audience"});
  EXPECT_THAT(run, Case("handshake", Outcome::fail));
  EXPECT_THAT(run, Cites("POST", "/mcp", 200));
}

TEST(ResourceOmitted, CannotSeeIntoOpaqueTokens) {
  EXPECT_THAT(audit_lab("resource-omitted", {}, opaque()), Is(Outcome::inconclusive));
}

TEST(ResourceOmitted, TrustsAnIssuerThatServesOneResource) {
  auto setup = opaque();
  setup.options = [](Options& options) { options.other_resource.clear(); };
  EXPECT_THAT(audit_lab("resource-omitted", {}, setup), Is(Outcome::pass));
}

}  // namespace
}  // namespace mcprove::testing
