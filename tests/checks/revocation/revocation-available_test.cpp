#include "support/check_test.h"

namespace mcprove::testing {
namespace {

TEST(RevocationAvailable, PassesASoundServer) { EXPECT_THAT(audit_lab("revocation-available"), Is(Outcome::pass)); }

TEST(RevocationAvailable, SeesThatRefreshTokensCannotBeTakenBack) {
  EXPECT_THAT(audit_lab("revocation-available", {"no-revocation-endpoint"}), Cites("POST", "/token", 200));
}

TEST(RevocationAvailable, SeesATokenInTheUrl) {
  const auto run = audit_lab("revocation-available", {"revocation-by-get"});
  EXPECT_THAT(run, Case("GET with the token in the URL", Outcome::fail));
  EXPECT_THAT(run, Case("unknown token", Outcome::pass));
}

TEST(RevocationAvailable, DoesNotApplyWithoutAnIssuer) {
  EXPECT_THAT(audit_lab("revocation-available", {"api-key-only"}), Is(Outcome::not_applicable));
}

}  // namespace
}  // namespace mcprove::testing
