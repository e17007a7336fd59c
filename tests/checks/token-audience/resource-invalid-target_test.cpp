#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup given(const std::string& token) {
  LabSetup setup;
  setup.options = [token](Options& options) {
    Identity pasted;
    pasted.token = token;
    options.identities = {pasted};
  };
  return setup;
}

TEST(ResourceInvalidTarget, PassesASoundServer) { EXPECT_THAT(audit_lab("resource-invalid-target"), Is(Outcome::pass)); }

TEST(ResourceInvalidTarget, SeesThatAnyResourceIsMinted) {
  const auto run = audit_lab("resource-invalid-target", {"any-resource-minted"});
  EXPECT_THAT(run, Case("unknown", Outcome::fail));
  EXPECT_THAT(run, Case("with fragment", Outcome::fail));
  EXPECT_THAT(run, Cites("POST", "/token", 200));
}

TEST(ResourceInvalidTarget, SeesATokenRequestThatWidens) {
  EXPECT_THAT(audit_lab("resource-invalid-target", {"token-request-widens-resource"}),
              Case("another at the token request", Outcome::fail));
}

TEST(ResourceInvalidTarget, SeesARefreshThatWidens) {
  const auto run = audit_lab("resource-invalid-target", {"refresh-request-widens-resource"});
  EXPECT_THAT(run, Case("another at the refresh request", Outcome::fail));
  EXPECT_THAT(run, Case("another at the token request", Outcome::pass));
}

TEST(ResourceInvalidTarget, CannotAskWithATokenThatWasGiven) {
  EXPECT_THAT(audit_lab("resource-invalid-target", {}, given("pasted-token")), Is(Outcome::inconclusive));
}

}  // namespace
}  // namespace mcprove::testing
