#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "default-scope-overbroad";

TEST(DefaultScopeOverbroad, PassesASoundServer) { EXPECT_THAT(audit_lab(id), Is(Outcome::pass)); }

TEST(DefaultScopeOverbroad, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"default-scope-is-everything"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(DefaultScopeOverbroad, HoldsTheServerToWhatTheOperatorExpects) {
  EXPECT_THAT(audit_lab(id, {}, {.options = [](Options& o) { o.expected_scopes = {"notes:read"}; }}), Is(Outcome::fail));
}

}  // namespace
}  // namespace mcprove::testing
