#include "support/check_test.h"

namespace mcprove::testing {
namespace {

LabSetup opaque() {
  LabSetup setup;
  setup.lab.tokens = lab::TokenFormat::opaque;
  return setup;
}
LabSetup given(const std::string& token) {
  LabSetup setup;
  setup.options = [token](Options& options) {
    Identity pasted;
    pasted.token = token;
    options.identities = {pasted};
  };
  return setup;
}

TEST(ExpiresInPresent, PassesASoundServer) { EXPECT_THAT(audit_lab("expires-in-present"), Is(Outcome::pass)); }

TEST(ExpiresInPresent, SeesTokensWithoutAnEnd) {
  EXPECT_THAT(audit_lab("expires-in-present", {"access-token-never-expires"}, opaque()), Is(Outcome::fail));
  EXPECT_THAT(audit_lab("expires-in-present", {"access-token-never-expires"}), Cites("POST", "/token", 200));
}

TEST(ExpiresInPresent, SeesALifetimeThatIsNone) {
  EXPECT_THAT(audit_lab("expires-in-present", {"expires-in-is-negative"}), Is(Outcome::fail));
}

TEST(ExpiresInPresent, DoesNotKnowTheResponseOfATokenThatWasGiven) {
  EXPECT_THAT(audit_lab("expires-in-present", {}, given("pasted-token")), Is(Outcome::inconclusive));
}

}  // namespace
}  // namespace mcprove::testing
