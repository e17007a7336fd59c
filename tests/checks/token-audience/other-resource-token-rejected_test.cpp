#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup opaque() {
  LabSetup setup;
  setup.lab.tokens = lab::TokenFormat::opaque;
  return setup;
}

TEST(OtherResourceTokenRejected, PassesASoundServer) {
  EXPECT_THAT(audit_lab("other-resource-token-rejected"), Is(Outcome::pass));
}

TEST(OtherResourceTokenRejected, SeesThatAudiencesAreNotChecked) {
  EXPECT_THAT(audit_lab("other-resource-token-rejected", {"audience-unchecked"}), Case("handshake", Outcome::fail));
  EXPECT_THAT(audit_lab("other-resource-token-rejected", {"audience-host-only"}), Cites("POST", "/mcp", 200));
}

TEST(OtherResourceTokenRejected, NeedsAResourceThatTheIssuerKnows) {
  LabSetup setup;
  setup.options = [](Options& options) { options.other_resource.clear(); };
  EXPECT_THAT(audit_lab("other-resource-token-rejected", {}, setup), Is(Outcome::inconclusive));
  EXPECT_THAT(audit_lab("other-resource-token-rejected", {"audience-unchecked", "any-resource-minted"}, setup),
              Is(Outcome::fail));
}

TEST(OtherResourceTokenRejected, TakesARefusalOfAnOpaqueTokenThatWorksElsewhere) {
  EXPECT_THAT(audit_lab("other-resource-token-rejected", {}, opaque()), Is(Outcome::pass));
  EXPECT_THAT(audit_lab("other-resource-token-rejected", {"audience-unchecked"}, opaque()), Is(Outcome::inconclusive));
}

}  // namespace
}  // namespace mcprove::testing
