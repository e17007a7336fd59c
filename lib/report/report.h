#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/check.h"
#include "engine/outcome.h"

/// What an audit learned, written down. Every format is made from a RunOutcome alone, and everything in it went through
/// its Redactor and text::printable: no secret and no control character of a server's reaches the reader.
namespace mcprove::report {

struct TextOptions {
  bool color = false;
  std::size_t width = 80;  ///< columns; a word that is longer stays whole
  bool verbose = false;    ///< curl lines, fingerprints, all proof, what passed
};

/// For a person: the verdict, findings by severity, requirements, what was not tested, what was left behind, totals.
std::string text(const RunOutcome& outcome, const TextOptions& options = {});
/// The verdict alone, on one line without a newline: "http://host/mcp: 2 findings (1 high, 1 low), complete".
std::string headline(const RunOutcome& outcome);

/// For a program: `version` 1, described by report.schema.json. One element of a list per line.
std::string json(const RunOutcome& outcome);

struct JunitOptions {
  /// Findings below it are skipped test cases that say so, because a CI's red must agree with the exit code. Empty:
  /// none is a failure.
  std::optional<Severity> fail_on = Severity::info;
};

/// For a CI: one suite per family and one test case per check and subject, and the suite "audit" for the run as a whole.
/// fail is a failure, inconclusive and not-applicable are skipped with the reason, and an error is a run that could not
/// be made: target unreachable, login failed, a bug of ours.
std::string junit(const RunOutcome& outcome, const JunitOptions& options = {});

}  // namespace mcprove::report
