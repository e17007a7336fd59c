#include "support/check_test.h"

namespace mcprove::testing {
namespace {

TEST(PkceDowngrade, PassesASoundServer) { EXPECT_THAT(audit_lab("pkce-downgrade"), Is(Outcome::pass)); }

TEST(PkceDowngrade, SaysNothingWhenTheServerIsGone) {
  EXPECT_NE(audit_url("pkce-downgrade", "http://127.0.0.1:1/mcp").worst(), Outcome::pass);
}

}  // namespace
}  // namespace mcprove::testing
