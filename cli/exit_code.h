#pragma once

#include <optional>

#include "engine/outcome.h"

namespace mcprove::cli {

/// What the program says with its exit status; mcprove.1 lists the same.
struct ExitCode {
  static constexpr int ok = 0;
  static constexpr int findings = 1;  ///< at or above --fail-on
  static constexpr int usage = 2;     ///< flags, configuration, or a report that could not be written
  static constexpr int untested = 3;  ///< what was asked could not be tested
  static constexpr int bug = 70;      ///< ours
  static constexpr int signal(int number) { return 128 + number; }
};

struct ExitPolicy {
  std::optional<Severity> fail_on = Severity::medium;  ///< empty: findings do not count
  bool strict = false;                                 ///< anything inconclusive counts as not tested
};

/// By precedence: a bug of ours, interrupted, usage, findings, untested, ok.
int exit_code(const RunOutcome& outcome, const ExitPolicy& policy);

}  // namespace mcprove::cli
