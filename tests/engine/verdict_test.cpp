#include "engine/verdict.h"

#include <gtest/gtest.h>

#include "engine/budget.h"
#include "engine/runner.h"
#include "engine/token_view.h"

namespace mcprove {
namespace {

Document read() { return Document(Citation{net::ExchangeId{0}, "body", "read"}); }

constexpr CheckInfo info{
    .title = "t", .what = "w", .why = "w", .fix = "f", .severity = Severity::high, .spec = {{{"RFC 1", "1"}}}, .since = "0.1"};

TEST(Fold, TakesTheWorst) {
  Cases cases;
  cases.add("a", Verdict::not_applicable(Reason::not_offered, "absent"));
  EXPECT_EQ(fold(cases, info).outcome, Outcome::not_applicable);
  cases.add("b", Verdict::pass(read(), "fine"));
  EXPECT_EQ(fold(cases, info).outcome, Outcome::pass) << "what is absent does not undo what passed";
  cases.add("c", Verdict::inconclusive(Reason::rate_limited, "429"));
  EXPECT_EQ(fold(cases, info).reason, Reason::rate_limited);
  cases.add("d", Verdict::fail(read(), "bad", {.severity = Severity::medium}));
  cases.add("e", Verdict::fail(read(), "worse"));
  const auto folded = fold(cases, info);
  EXPECT_EQ(folded.outcome, Outcome::fail);
  EXPECT_EQ(folded.severity, Severity::high);
  EXPECT_EQ(folded.because, "worse");
}

TEST(Fold, AShouldIsNeverWorseThanLow) {
  Cases cases;
  cases.add("a", Verdict::fail(read(), "bad", {.level = Level::should}));
  EXPECT_EQ(fold(cases, info).severity, Severity::low);
}

TEST(Fold, ACheckWithoutACaseIsNoPass) { EXPECT_EQ(fold(Cases{}, info).outcome, Outcome::inconclusive); }

TEST(Budgets, AreKeptPerIssuerAndLoweredByTheServer) {
  Budgets budgets({.registrations = 2, .tokens = 10, .authorizations = 1});
  EXPECT_TRUE(budgets.take(Spending::registration, "a"));
  EXPECT_TRUE(budgets.take(Spending::registration, "a"));
  EXPECT_EQ(budgets.take(Spending::registration, "a").error().kind, Error::Kind::budget);
  EXPECT_TRUE(budgets.take(Spending::registration, "b"));
  net::Headers left;
  left.add("RateLimit", "limit=50, remaining=2, reset=60");
  budgets.learn(Spending::token, "a", left);
  EXPECT_TRUE(budgets.take(Spending::token, "a"));
  EXPECT_FALSE(budgets.take(Spending::token, "a")) << "one is left to the user";
  EXPECT_EQ(budgets.used(Spending::registration), 3);
}

TEST(Budgets, AreWiderOnThisMachineUnlessTheServerKnowsBetter) {
  const BudgetLimits limits{.registrations = 1,
                            .tokens = 1,
                            .authorizations = 1,
                            .spare_registrations_at_home = 2,
                            .spare_tokens_at_home = 1,
                            .spare_authorizations_at_home = 3};
  const auto most = [](Budgets& budgets, Spending kind, const std::string& issuer) {
    int taken = 0;
    while (budgets.take(kind, issuer)) ++taken;
    return taken;
  };
  Budgets budgets(limits);
  EXPECT_EQ(most(budgets, Spending::registration, "http://127.0.0.1:4000"), 3);
  EXPECT_EQ(most(budgets, Spending::token, "http://localhost:4000/tenant"), 2);
  EXPECT_EQ(most(budgets, Spending::authorization, "http://[::1]:4000"), 4);
  EXPECT_EQ(most(budgets, Spending::registration, "https://as.example"), 1);
  Budgets told(limits);
  net::Headers left;
  left.add("RateLimit-Remaining", "2");
  told.learn(Spending::registration, "http://127.0.0.1:4000", left);
  EXPECT_EQ(most(told, Spending::registration, "http://127.0.0.1:4000"), 1) << "one is left to the user";
}

TEST(Fingerprint, KnowsNoHostPortOrWire) {
  constexpr Check check{info, nullptr};
  const RegisteredCheck entry{"some-check", "token", "checks/token/some-check.cpp", &check};
  CheckResult one;
  one.check = &entry;
  one.subject = {"issuer", "http://127.0.0.1:4000/tenant"};
  CheckResult two = one;
  two.subject = {"issuer", "https://auth.example/tenant"};
  EXPECT_EQ(fingerprint(one, "case", "lab"), fingerprint(two, "case", "lab"));
  one.subject = {"wire", "handshake"};
  two.subject = {"wire", "stateless"};
  EXPECT_EQ(fingerprint(one, "case", "lab"), fingerprint(two, "case", "lab"));
  EXPECT_NE(fingerprint(one, "case", "lab"), fingerprint(one, "other", "lab"));
  EXPECT_EQ(fingerprint(one, "case", "lab").size(), std::string("mcprove1:").size() + 32);
}

TEST(Scopes, PrivilegeIsAWordNotASyllable) {
  for (const auto* scope : {"admin", "notes:write", "users_delete", "*", "https://api.example/.default", "files:*"})
    EXPECT_TRUE(is_privileged_scope(scope)) << scope;
  for (const auto* scope : {"openid", "notes:read", "metadata:read", "overwritten", "profile"})
    EXPECT_FALSE(is_privileged_scope(scope)) << scope;
}

}  // namespace
}  // namespace mcprove
