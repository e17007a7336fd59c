#include "cli/exit_code.h"

#include <algorithm>
#include <csignal>

namespace mcprove::cli {

namespace {

bool has_findings(const RunOutcome& outcome, Severity fail_on) {
  return std::any_of(outcome.findings.begin(), outcome.findings.end(),
                     [&](const Finding& f) { return outcome.checks.at(f.result).folded.severity >= fail_on; });
}

bool anything_inconclusive(const RunOutcome& outcome) {
  const auto inconclusive = [](const CheckResult& result) {
    const auto& cases = result.cases.all();
    return result.folded.outcome == Outcome::inconclusive ||
           std::any_of(cases.begin(), cases.end(), [](const auto& c) { return c.second.outcome() == Outcome::inconclusive; });
  };
  return std::any_of(outcome.checks.begin(), outcome.checks.end(), inconclusive);
}

bool is_usage(const std::optional<Error>& error) { return error && error->kind == Error::Kind::usage; }

}  // namespace

int exit_code(const RunOutcome& outcome, const ExitPolicy& policy) {
  if (!outcome.bugs.empty()) return ExitCode::bug;
  if (outcome.interrupted) return ExitCode::signal(outcome.signal != 0 ? outcome.signal : SIGINT);
  if (is_usage(outcome.fatal) || is_usage(outcome.login_error)) return ExitCode::usage;
  if (policy.fail_on && has_findings(outcome, *policy.fail_on)) return ExitCode::findings;
  if (outcome.fatal || outcome.login_error) return ExitCode::untested;
  if (policy.strict && !outcome.options.plan_only && anything_inconclusive(outcome)) return ExitCode::untested;
  return ExitCode::ok;
}

}  // namespace mcprove::cli
