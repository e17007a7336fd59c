// Whole audits of the lab, for the thread sanitizer above all.
#include <algorithm>

#include "checks/registry.h"
#include "support/check_test.h"

namespace mcprove::testing {
namespace {

TEST(WholeAudit, OfASoundLabFindsNothingAndLeavesNothing) {
  const auto outcome = audit_whole_lab({}, {});
  ASSERT_FALSE(outcome.fatal);
  EXPECT_TRUE(outcome.findings.empty());
  EXPECT_TRUE(outcome.bugs.empty());
  EXPECT_TRUE(outcome.leftovers.empty());
  EXPECT_GE(outcome.checks.size(), checks::all().size());
}

TEST(WholeAudit, FollowsRootCauses) {
  const auto outcome = audit_whole_lab({}, {"garbage-token-accepted"});
  ASSERT_EQ(outcome.findings.size(), 1U);
  const auto& root = outcome.findings.front();
  EXPECT_EQ(outcome.checks[root.result].check->id, "malformed-token-accepted");
  EXPECT_NE(std::ranges::find(root.hides, "jwt-alg-none"), root.hides.end());
}

TEST(WholeAudit, KeepsItsBudgets) {
  LabSetup setup;
  setup.options = [](Options& options) {
    options.budgets = {.registrations = 3,
                       .tokens = 5,
                       .authorizations = 10,
                       .spare_registrations_at_home = 0,
                       .spare_tokens_at_home = 0,
                       .spare_authorizations_at_home = 0};
    options.only.clear();
  };
  const auto run = audit_lab("code-replay", {}, setup);
  EXPECT_LE(run.outcome.totals.registrations, 3);
  EXPECT_LE(run.outcome.totals.tokens, 5);
  EXPECT_LE(run.outcome.totals.authorizations, 10);
  EXPECT_FALSE(run.outcome.complete);
  EXPECT_TRUE(run.outcome.findings.empty()) << "what a budget cuts is no finding";
}

}  // namespace
}  // namespace mcprove::testing
