#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "report/finding_text.h"
#include "report/model.h"
#include "report/page.h"
#include "report/report.h"
#include "report/untested.h"

namespace mcprove::report {

namespace {

std::string state_of(const RunOutcome& outcome) {
  if (outcome.interrupted) return "interrupted";
  return outcome.complete ? "complete" : "incomplete";
}

std::string server_line(const RunOutcome& outcome) {
  std::vector<std::string> parts;
  if (!outcome.server_name.empty()) parts.push_back(outcome.server_name);
  if (!outcome.wires.empty()) {
    const auto& shape = outcome.architecture;
    parts.push_back(shape.architecture + (shape.confidence == Confidence::likely ? " architecture (likely)" : " architecture"));
    std::vector<std::string> wires;
    for (const auto& wire : outcome.wires)
      wires.push_back(wire.revision.empty() ? wire.wire : fmt::format("{} {}", wire.wire, wire.revision));
    parts.push_back((wires.size() == 1 ? "wire " : "wires ") + text::join(wires, ", "));
  }
  if (!outcome.options.authorized_by.empty()) parts.push_back("authorized by " + outcome.options.authorized_by);
  return text::join(parts, "; ");
}

void write_head(const RunOutcome& outcome, const Cleaner& clean, Page& page) {
  const std::string verdict = headline(outcome);
  if (verdict.size() <= page.options().width) {
    page.line(page.ink(Ink::bold, verdict), 0, false);
  } else {
    page.paragraph(verdict);
  }
  page.paragraph(clean(server_line(outcome)), 2);
  if (page.options().verbose) {
    for (const auto& line : outcome.architecture.evidence)
      page.paragraph(clean(outcome.architecture.architecture + ": " + line), 2);
    for (const auto& wire : outcome.wires) page.paragraph(clean(fmt::format("{} at {}: {}", wire.wire, wire.url, wire.why)), 2);
  }
  for (const auto& bug : outcome.bugs) page.paragraph("bug of mcprove: " + clean(bug), 2);
  if (outcome.fatal) page.paragraph("not tested: " + clean(outcome.fatal->message), 2);
  for (const auto& phrase : outcome.untested) {
    if (phrase != state_of(outcome)) page.paragraph("not tested: " + clean(phrase), 2);
  }
  const auto said = [&](const Error& error) {
    return std::any_of(outcome.untested.begin(), outcome.untested.end(),
                       [&](const std::string& p) { return p.find(error.message) != std::string::npos; });
  };
  if (outcome.login_error && !said(*outcome.login_error))
    page.paragraph("login failed: " + clean(outcome.login_error->message), 2);
}

void write_scorecard(const RunOutcome& outcome, const Cleaner& clean, Page& page) {
  if (outcome.requirements.empty()) return;
  page.heading("Authorization server");
  for (const auto& row : outcome.requirements) {
    std::string words = fmt::format("{}: {}", name(row.requirement), clean(row.because));
    if (row.because.empty()) words = fmt::format("{}: {}", name(row.requirement), text::join(row.checks, ", "));
    else if (!row.checks.empty()) words += fmt::format(" ({})", text::join(row.checks, ", "));
    page.field(name(row.holds), words, 2, 18);
  }
}

void write_untested(const RunOutcome& outcome, const Cleaner& clean, Page& page) {
  const auto reasons = by_reason(outcome, Outcome::inconclusive);
  if (reasons.empty()) return;
  std::size_t total = 0;
  for (const auto& entry : reasons) total += entry.count;
  page.heading(fmt::format("Not tested ({})", total));
  for (const auto& entry : reasons) {
    page.paragraph(fmt::format("{}: {}", name(entry.reason), explanation(entry.reason)), 2);
    for (const auto& group : entry.groups) {
      const std::string names = text::join(group.names, ", ");
      page.paragraph(clean(group.because.empty() ? names : fmt::format("{}: {}", names, group.because)), 4);
    }
  }
}

void write_not_applicable(const RunOutcome& outcome, const Cleaner& clean, Page& page) {
  const auto reasons = by_reason(outcome, Outcome::not_applicable);
  if (reasons.empty()) return;
  std::size_t total = 0;
  for (const auto& entry : reasons) total += entry.count;
  page.heading(fmt::format("Does not apply ({})", total));
  for (const auto& entry : reasons) {
    std::vector<std::string> names;
    for (const auto& group : entry.groups) names.insert(names.end(), group.names.begin(), group.names.end());
    page.paragraph(clean(fmt::format("{}: {}", name(entry.reason), text::join(names, ", "))), 2);
  }
}

/// What was learned beside the verdicts, and with --verbose the checks that passed.
void write_notes(const RunOutcome& outcome, const Cleaner& clean, Page& page) {
  std::vector<std::string> passed;
  std::vector<std::string> notes;
  for (const CheckResult& result : outcome.checks) {
    const std::string place = where(result.subject);
    const std::string id = place.empty() ? std::string(result.check->id) : fmt::format("{} ({})", result.check->id, place);
    if (result.folded.outcome == Outcome::pass) passed.push_back(id);
    const auto add = [&](const std::string& note) { notes.push_back(id + ": " + note); };
    for (const auto& note : result.cases.notes()) add(note);
    for (const auto& [name, verdict] : result.cases.all()) {
      for (const auto& note : verdict.notes()) add(note);
    }
  }
  notes.erase(std::unique(notes.begin(), notes.end()), notes.end());
  if (!notes.empty()) page.heading("Notes");
  for (const auto& note : notes) page.paragraph(clean(note), 2);
  if (!page.options().verbose || passed.empty()) return;
  page.heading(fmt::format("Passed ({})", passed.size()));
  page.paragraph(clean(text::join(passed, ", ")), 2);
}

void write_plan(const RunOutcome& outcome, const Cleaner& clean, Page& page) {
  if (!outcome.options.plan_only) return;
  std::vector<Untold> groups;
  for (const auto& planned : outcome.plan) {
    auto same = std::find_if(groups.begin(), groups.end(), [&](const Untold& g) { return g.because == planned.status; });
    if (same == groups.end()) same = groups.insert(groups.end(), Untold{planned.status, {}});
    same->names.emplace_back(planned.check->id);
  }
  page.heading(fmt::format("Plan ({})", counted(outcome.plan.size(), "check")));
  for (const auto& group : groups)
    page.paragraph(clean(fmt::format("{} ({}): {}", group.because, group.names.size(), text::join(group.names, ", "))), 2);
  const auto& limits = outcome.options.budgets;
  page.paragraph(fmt::format("at most {} registrations, {} token requests and {} authorizations at each authorization server",
                             limits.registrations, limits.tokens, limits.authorizations),
                 2);
}

void write_leftovers(const RunOutcome& outcome, const Cleaner& clean, Page& page) {
  if (outcome.leftovers.empty()) return;
  page.heading(fmt::format("Left behind ({})", outcome.leftovers.size()));
  std::map<std::array<std::string, 3>, std::vector<const Leftover*>> alike;
  for (const auto& left : outcome.leftovers) alike[{left.kind, left.issuer, left.why}].push_back(&left);
  for (const auto& [same, group] : alike) {
    if (group.size() == 1) {
      page.paragraph(clean(left_behind(*group.front())), 2);
      continue;
    }
    std::string ids;
    for (const auto* left : group)
      if (!left->id.empty()) ids += (ids.empty() ? ": " : ", ") + left->id;
    page.paragraph(clean(fmt::format("{} at {}: {}{}", counted(group.size(), same[0]), same[1], same[2], ids)), 2);
  }
}

void write_totals(const RunOutcome& outcome, Page& page) {
  const Totals& totals = outcome.totals;
  page.gap();
  if (!outcome.findings.empty() && !page.options().verbose) {
    page.paragraph("curl commands that repeat each finding: --verbose, or --format json");
  }
  page.paragraph(fmt::format("{} pass, {} fail, {} inconclusive, {} not applicable; {} in {:.2f} s", totals.pass, totals.fail,
                             totals.inconclusive, totals.not_applicable,
                             counted(static_cast<std::size_t>(totals.requests), "request"), milliseconds(totals.wall) / 1000.0));
  if (!page.options().verbose) return;
  const auto& limits = outcome.options.budgets;
  page.paragraph(
      fmt::format("{} of {} registrations, {} of {} token requests, {} of {} authorizations; chain {:.2f} s; mcprove {}",
                  totals.registrations, limits.registrations, totals.tokens, limits.tokens, totals.authorizations,
                  limits.authorizations, milliseconds(totals.chain) / 1000.0, outcome.version));
}

}  // namespace

std::string headline(const RunOutcome& outcome) {
  const Cleaner clean(outcome);
  const std::string target = clean.line(target_url(outcome), 400);
  if (outcome.fatal && outcome.findings.empty()) return fmt::format("{}: could not be tested", target);
  if (outcome.options.plan_only) return fmt::format("{}: a plan, nothing was tested", target);
  return fmt::format("{}: {}, {}", target, count_of_findings(outcome), state_of(outcome));
}

std::string text(const RunOutcome& outcome, const TextOptions& options) {
  const Cleaner clean(outcome);
  Page page(options);
  write_head(outcome, clean, page);
  for (const auto& group : grouped_by_check(outcome)) write_findings(outcome, clean, group, page);
  write_scorecard(outcome, clean, page);
  write_plan(outcome, clean, page);
  write_untested(outcome, clean, page);
  if (options.verbose) write_not_applicable(outcome, clean, page);
  write_notes(outcome, clean, page);
  write_leftovers(outcome, clean, page);
  write_totals(outcome, page);
  return page.take();
}

}  // namespace mcprove::report
