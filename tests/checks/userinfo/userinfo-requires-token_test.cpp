#include "support/check_test.h"

namespace mcprove::testing {
namespace {

TEST(UserinfoRequiresToken, PassesASoundServer) { EXPECT_THAT(audit_lab("userinfo-requires-token"), Is(Outcome::pass)); }

TEST(UserinfoRequiresToken, SeesClaimsToldToStrangers) {
  EXPECT_THAT(audit_lab("userinfo-requires-token", {"userinfo-without-token"}), Cites("GET", "/userinfo", 200));
  EXPECT_THAT(audit_lab("userinfo-requires-token", {"userinfo-for-any-token"}), Case("garbage", Outcome::fail));
}

TEST(UserinfoRequiresToken, SeesAScopeThatIsNotAskedFor) {
  const auto run = audit_lab("userinfo-requires-token", {"userinfo-without-openid-scope"});
  EXPECT_THAT(run, Case("token without openid", Outcome::fail));
  EXPECT_THAT(run, Case("no token", Outcome::pass));
}

TEST(UserinfoRequiresToken, DoesNotApplyWithoutAnIssuer) {
  EXPECT_THAT(audit_lab("userinfo-requires-token", {"api-key-only"}), Is(Outcome::not_applicable));
}

}  // namespace
}  // namespace mcprove::testing
