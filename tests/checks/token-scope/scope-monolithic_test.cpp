#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "scope-monolithic";

TEST(ScopeMonolithic, PassesASoundServer) { EXPECT_THAT(audit_lab(id), Is(Outcome::pass)); }

TEST(ScopeMonolithic, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"one-scope-for-everything"}) EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ScopeMonolithic, SaysNothingWithoutAnAuthorizationServer) {
  EXPECT_THAT(audit_lab(id, {"api-key-only"}), ::testing::Not(Is(Outcome::pass)));
}

}  // namespace
}  // namespace mcprove::testing
