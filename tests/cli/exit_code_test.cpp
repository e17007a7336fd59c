#include "cli/exit_code.h"

#include <csignal>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "engine/outcome.h"

namespace mcprove::cli {
namespace {

constexpr RegisteredCheck some_check{"some-check", "token", "checks/token/some-check.cpp", nullptr};

RunOutcome with_finding(Severity severity) {
  RunOutcome outcome;
  CheckResult result;
  result.check = &some_check;
  result.folded.outcome = Outcome::fail;
  result.folded.severity = severity;
  outcome.checks.push_back(std::move(result));
  outcome.findings.emplace_back();
  return outcome;
}

RunOutcome with_inconclusive() {
  RunOutcome outcome;
  CheckResult result;
  result.check = &some_check;
  result.folded.outcome = Outcome::inconclusive;
  outcome.checks.push_back(std::move(result));
  return outcome;
}

TEST(ExitCode, NothingFoundIsZero) { EXPECT_EQ(exit_code({}, {}), 0); }

TEST(ExitCode, FindingsCountFromFailOnUp) {
  EXPECT_EQ(exit_code(with_finding(Severity::low), {}), 0);
  EXPECT_EQ(exit_code(with_finding(Severity::medium), {}), 1);
  EXPECT_EQ(exit_code(with_finding(Severity::critical), {}), 1);
  EXPECT_EQ(exit_code(with_finding(Severity::info), {.fail_on = Severity::info}), 1);
  EXPECT_EQ(exit_code(with_finding(Severity::high), {.fail_on = Severity::critical}), 0);
  EXPECT_EQ(exit_code(with_finding(Severity::critical), {.fail_on = std::nullopt}), 0);
}

TEST(ExitCode, WhatCouldNotBeTestedIsThree) {
  RunOutcome unreachable;
  unreachable.fatal = Error{Error::Kind::network, "refused"};
  EXPECT_EQ(exit_code(unreachable, {}), 3);
  RunOutcome no_login;
  no_login.login_error = Error{Error::Kind::login, "wrong password"};
  EXPECT_EQ(exit_code(no_login, {}), 3);
  EXPECT_EQ(exit_code(with_inconclusive(), {}), 0);
  EXPECT_EQ(exit_code(with_inconclusive(), {.strict = true}), 3);
}

TEST(ExitCode, StrictLooksIntoTheCases) {
  RunOutcome outcome;
  CheckResult result;
  result.check = &some_check;
  result.folded.outcome = Outcome::pass;
  result.cases.add("one", Verdict::inconclusive(Reason::budget_spent, "nothing left"));
  outcome.checks.push_back(std::move(result));
  EXPECT_EQ(exit_code(outcome, {.strict = true}), 3);
  EXPECT_EQ(exit_code(outcome, {}), 0);
}

TEST(ExitCode, PrecedenceIsAsDocumented) {
  auto outcome = with_finding(Severity::high);
  outcome.login_error = Error{Error::Kind::login, "wrong password"};
  EXPECT_EQ(exit_code(outcome, {.strict = true}), 1);
  outcome.fatal = Error{Error::Kind::usage, "no such thing"};
  EXPECT_EQ(exit_code(outcome, {}), 2);
  outcome.interrupted = true;
  EXPECT_EQ(exit_code(outcome, {}), 130);
  outcome.signal = SIGTERM;
  EXPECT_EQ(exit_code(outcome, {}), 143);
  outcome.bugs = {"something threw"};
  EXPECT_EQ(exit_code(outcome, {}), 70);
}

}  // namespace
}  // namespace mcprove::cli
