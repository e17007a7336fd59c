#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/model.h"
#include "report/report.h"
#include "report/suites.h"

namespace mcprove::report {

namespace {

/// The run as a whole: reached, logged in, complete.
TestCase of_run(const RunOutcome& outcome, const Cleaner& clean) {
  TestCase test{.name = clean(target_url(outcome)), .took = outcome.totals.wall};
  const auto& error = outcome.fatal ? outcome.fatal : outcome.login_error;
  if (!outcome.bugs.empty()) {
    test.kind = "error";
    test.type = "bug";
    test.message = clean("this is a bug of mcprove: " + text::join(outcome.bugs, "; "));
  } else if (error) {
    test.kind = "error";
    test.type = std::string(name(error->kind));
    test.message = clean(error->message);
  } else if (outcome.interrupted || !outcome.complete) {
    test.kind = "skipped";
    test.message =
        clean(outcome.interrupted ? "interrupted" : "not everything was tested: " + text::join(outcome.untested, "; "));
  }
  std::vector<std::string> lines;
  if (!outcome.server_name.empty()) lines.push_back("server: " + outcome.server_name);
  lines.push_back("architecture: " + outcome.architecture.architecture);
  for (const auto& wire : outcome.wires) lines.push_back(fmt::format("wire: {} {}", wire.wire, wire.revision));
  for (const auto& left : outcome.leftovers) lines.push_back("left behind: " + left_behind(left));
  test.output = clean(text::join(lines, "\n"));
  return test;
}

std::string notes_of(const CheckResult& result) {
  std::vector<std::string> lines = result.cases.notes();
  for (const auto& [name, verdict] : result.cases.all())
    lines.insert(lines.end(), verdict.notes().begin(), verdict.notes().end());
  return text::join(lines, "\n");
}

void fill_failure(TestCase& test, const RunOutcome& outcome, const CheckResult& result, const Finding* finding,
                  const JunitOptions& options, const Cleaner& clean) {
  const Severity severity = result.folded.severity;
  const std::string because = clean(finding != nullptr ? because_of(outcome, *finding) : result.folded.because);
  const bool counts = options.fail_on && severity >= *options.fail_on;
  test.kind = counts ? "failure" : "skipped";
  test.type = counts ? std::string(name(severity)) : std::string();
  test.message = counts ? because : fmt::format("{} finding, below --fail-on: {}", name(severity), because);
  if (finding != nullptr) test.details = describe(outcome, *finding);
}

TestCase of_result(const RunOutcome& outcome, const CheckResult& result, const Finding* finding, const JunitOptions& options,
                   const Cleaner& clean) {
  const std::string place = clean(where(result.subject));
  TestCase test{.name = place.empty() ? std::string(result.check->id) : fmt::format("{} ({})", result.check->id, place),
                .took = result.took};
  const Folded& folded = result.folded;
  const std::string reason = folded.reason ? std::string(name(*folded.reason)) : std::string("no reason given");
  switch (folded.outcome) {
    case Outcome::pass: break;
    case Outcome::fail: fill_failure(test, outcome, result, finding, options, clean); break;
    case Outcome::inconclusive:
    case Outcome::not_applicable:
      test.kind = "skipped";
      test.message =
          clean(fmt::format("{}, {}{}{}", name(folded.outcome), reason, folded.because.empty() ? "" : ": ", folded.because));
      if (!result.follows_from.empty()) test.message += fmt::format(" (follows from {})", text::join(result.follows_from, ", "));
      break;
  }
  test.output = clean(notes_of(result));
  return test;
}

}  // namespace

std::string junit(const RunOutcome& outcome, const JunitOptions& options) {
  const Cleaner clean(outcome);
  std::map<std::size_t, const Finding*> findings;
  for (const Finding& finding : outcome.findings) findings.emplace(finding.result, &finding);
  Suites suites;
  suites.add("audit", outcome.started, {of_run(outcome, clean)}, outcome.totals.wall);
  std::map<std::string_view, std::vector<TestCase>> families;
  for (std::size_t i = 0; i < outcome.checks.size(); ++i) {
    const auto found = findings.find(i);
    families[outcome.checks[i].check->family].push_back(
        of_result(outcome, outcome.checks[i], found == findings.end() ? nullptr : found->second, options, clean));
  }
  for (const auto& [family, cases] : families) {
    std::chrono::microseconds took{0};
    for (const TestCase& test : cases) took += test.took;
    suites.add(std::string(family), outcome.started, cases, took);
  }
  return suites.take(outcome.totals.wall);
}

}  // namespace mcprove::report
