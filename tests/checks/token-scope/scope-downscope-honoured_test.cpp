#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "scope-downscope-honoured";

TEST(ScopeDownscopeHonoured, PassesASoundServer) { EXPECT_THAT(audit_lab(id), Is(Outcome::pass)); }

TEST(ScopeDownscopeHonoured, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw : {"scope-request-ignored", "scope-upgraded-in-silence"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ScopeDownscopeHonoured, SaysNothingOfAServerWithOneScope) {
  EXPECT_THAT(audit_lab(id, {"one-scope-for-everything"}), Is(Outcome::not_applicable));
}

}  // namespace
}  // namespace mcprove::testing
