#include "support/check_test.h"

namespace mcprove::testing {
namespace {

constexpr std::string_view id = "scope-unrequested";

TEST(ScopeUnrequested, PassesASoundServer) { EXPECT_THAT(audit_lab(id), Is(Outcome::pass)); }

TEST(ScopeUnrequested, NoticesEveryFlawOfItsOwn) {
  for (const std::string_view flaw :
       {"unknown-scope-granted", "privileged-scope-for-everybody", "token-request-widens-scope", "consent-form-sets-scope"})
    EXPECT_THAT(audit_lab(id, {flaw}), Is(Outcome::fail)) << flaw;
}

TEST(ScopeUnrequested, LeavesOtherPeopleOutWithoutASecondIdentity) {
  const auto run = audit_lab(id, {"privileged-scope-for-everybody"}, {.options = [](Options& o) { o.identities.pop_back(); }});
  EXPECT_THAT(run, Is(Outcome::pass));
  EXPECT_THAT(run, ::testing::Not(Case("administrative scope for bob", Outcome::fail)));
}

}  // namespace
}  // namespace mcprove::testing
