#include "report/finding_text.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "report/shell.h"

namespace mcprove::report {

namespace {

/// Without --verbose, so many exchanges are shown of a proof; the report names how many more there are.
constexpr std::size_t proof_shown = 4;
constexpr std::size_t cases_shown = 6;

struct Proof {
  net::ExchangeId exchange{};
  std::vector<std::string> shows{};
};

void cite(std::vector<Proof>& proof, const Citation& citation, bool verbose) {
  auto known = std::find_if(proof.begin(), proof.end(), [&](const Proof& p) { return p.exchange == citation.exchange; });
  if (known == proof.end()) known = proof.insert(proof.end(), Proof{citation.exchange, {}});
  std::string words = citation.shows;
  if (verbose && !citation.where.empty()) words = words.empty() ? citation.where : citation.where + ": " + words;
  if (!words.empty() && std::find(known->shows.begin(), known->shows.end(), words) == known->shows.end()) {
    known->shows.push_back(std::move(words));
  }
}

/// What the case that the finding names rests on; with `verbose`, what all failing cases rest on.
std::vector<Proof> proof_of(const RunOutcome& outcome, const Finding& finding, bool verbose) {
  std::vector<Proof> proof;
  const auto& cases = result_of(outcome, finding).cases.all();
  const auto add = [&](bool named) {
    for (const auto& [name, verdict] : cases) {
      if (verdict.outcome() != Outcome::fail || (name == finding.case_name) != named) continue;
      for (const Citation& citation : verdict.evidence()) cite(proof, citation, verbose);
    }
  };
  add(true);
  if (verbose || proof.empty()) add(false);
  return proof;
}

void write_proof(const RunOutcome& outcome, const Cleaner& clean, const Finding& finding, Page& page) {
  const bool verbose = page.options().verbose;
  const auto proof = proof_of(outcome, finding, verbose);
  const std::size_t shown = verbose ? proof.size() : std::min(proof.size(), proof_shown);
  constexpr std::size_t column = 11;
  const std::size_t room = std::max<std::size_t>(page.options().width, 50) - column;
  for (std::size_t i = 0; i < shown; ++i) {
    const net::Exchange* exchange = exchange_at(outcome, proof[i].exchange);
    if (exchange == nullptr) continue;
    const std::string number = fmt::format("#{} ", static_cast<std::size_t>(proof[i].exchange));
    const std::string answer = " -> " + answer_line(*exchange);
    const std::string request =
        clean.line(request_line(outcome, *exchange), verbose ? 2000 : room - number.size() - answer.size());
    page.field(i == 0 ? "proof" : "", number + request + answer, 2, column);
    page.field("", clean(text::join(proof[i].shows, "; ")), 2, column + 4);
  }
  if (shown < proof.size()) page.field("", fmt::format("and {} more, with --verbose", proof.size() - shown));
}

/// Every failing case with its words; cases that say the same share a line.
void write_seen(const RunOutcome& outcome, const Cleaner& clean, const Finding& finding, Page& page) {
  const auto& all = result_of(outcome, finding).cases.all();
  std::vector<std::pair<std::string, std::vector<std::string>>> said{{because_of(outcome, finding), {}}};
  for (const auto& [name, verdict] : all) {
    if (verdict.outcome() != Outcome::fail) continue;
    auto same = std::find_if(said.begin(), said.end(), [&, &v = verdict](const auto& s) { return s.first == v.because(); });
    if (same == said.end()) same = said.insert(said.end(), {verdict.because(), {}});
    if (!name.empty()) same->second.push_back(name);
  }
  const std::size_t shown = page.options().verbose ? said.size() : std::min(said.size(), cases_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [because, names] = said[i];
    const std::string words = all.size() > 1 && !names.empty() ? text::join(names, ", ") + ": " + because : because;
    page.field(i == 0 ? "seen" : "", clean(words));
  }
  if (shown < said.size()) page.field("", fmt::format("and {} more, with --verbose", said.size() - shown));
}

/// The curl lines, continued at 80 columns so that they can be copied.
void write_repeat(const Cleaner& clean, const Finding& finding, Page& page) {
  bool first = true;
  for (const std::string& command : finding.reproduce) {
    page.line(first ? "repeat" : "", 2, false);
    for (const std::string& line : continued(clean(command), page.options().width - 4)) page.line(line, 4, false);
    first = false;
  }
}

std::string remarks(const CheckResult& result) {
  std::string words;
  if (result.folded.confidence == Confidence::likely) words = "likely";
  if (result.folded.level == Level::should) words += words.empty() ? "a SHOULD" : ", a SHOULD";
  return words.empty() ? words : " (" + words + ")";
}

void write_one(const RunOutcome& outcome, const Cleaner& clean, const Finding& finding, Page& page) {
  page.field("where", clean(where(outcome, finding)));
  write_seen(outcome, clean, finding, page);
  write_proof(outcome, clean, finding, page);
  if (page.options().verbose) {
    page.field("id", finding.fingerprint);
    write_repeat(clean, finding, page);
  }
}

/// What the reader needs once per check: why, fix, where it is written, and what could not be tested because of it.
void write_advice(const RunOutcome& outcome, const FindingGroup& group, Page& page) {
  const CheckInfo& info = result_of(outcome, *group.front()).check->check->info;
  page.field("why", info.why);
  page.field("fix", info.fix);
  page.field("spec", references(info));
  std::set<std::string> hidden;
  for (const Finding* finding : group) hidden.insert(finding->hides.begin(), finding->hides.end());
  const std::vector<std::string> ids(hidden.begin(), hidden.end());
  page.field("hides", text::join(ids, ", "));
}

}  // namespace

std::vector<FindingGroup> grouped_by_check(const RunOutcome& outcome) {
  std::vector<FindingGroup> groups;
  for (const Finding& finding : outcome.findings) {
    const auto* check = result_of(outcome, finding).check;
    auto same = std::find_if(groups.begin(), groups.end(),
                             [&](const FindingGroup& g) { return result_of(outcome, *g.front()).check == check; });
    if (same == groups.end()) same = groups.insert(groups.end(), FindingGroup{});
    same->push_back(&finding);
  }
  return groups;
}

void write_findings(const RunOutcome& outcome, const Cleaner& clean, const FindingGroup& group, Page& page) {
  const CheckResult& worst = result_of(outcome, *group.front());
  const Severity severity = worst.folded.severity;
  std::string word(name(severity));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
  page.gap();
  page.line(page.ink(ink_of(severity), word) + "  " + page.ink(Ink::bold, worst.check->id), 0, false);
  page.paragraph(std::string(worst.check->check->info.title) + remarks(worst), 2);
  for (const Finding* finding : group) write_one(outcome, clean, *finding, page);
  write_advice(outcome, group, page);
}

std::string describe(const RunOutcome& outcome, const Finding& finding) {
  Page page(TextOptions{.color = false, .width = 80, .verbose = true});
  write_one(outcome, Cleaner(outcome), finding, page);
  write_advice(outcome, {&finding}, page);
  return page.take();
}

}  // namespace mcprove::report
