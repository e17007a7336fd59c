#include "engine/verdict.h"

#include <algorithm>
#include <ranges>
#include <tuple>

#include <fmt/format.h>

namespace mcprove {

std::vector<Citation> Settled::evidence() const {
  auto all = probe_.evidence;
  all.insert(all.end(), controls_.begin(), controls_.end());
  return all;
}

Verdict Verdict::pass(const Settled& settled, std::string because, std::vector<std::string> notes) {
  return pass(Document(settled.evidence()), std::move(because), std::move(notes));
}

Verdict Verdict::fail(const Settled& settled, std::string because, Grade grade) {
  return fail(Document(settled.evidence()), std::move(because), grade);
}

Verdict Verdict::unclear(const Settled& settled) {
  return inconclusive(settled.probe().reason.value_or(Reason::unclear_answer), settled.probe().why, settled.evidence());
}

Verdict Verdict::pass(const Document& document, std::string because, std::vector<std::string> notes) {
  Verdict verdict;
  verdict.outcome_ = Outcome::pass;
  verdict.because_ = std::move(because);
  verdict.evidence_ = document.evidence();
  verdict.notes_ = std::move(notes);
  return verdict;
}

Verdict Verdict::fail(const Document& document, std::string because, Grade grade) {
  Verdict verdict;
  verdict.outcome_ = Outcome::fail;
  verdict.because_ = std::move(because);
  verdict.evidence_ = document.evidence();
  verdict.grade_ = grade;
  return verdict;
}

Verdict Verdict::inconclusive(Reason reason, std::string because, std::vector<Citation> evidence) {
  Verdict verdict;
  verdict.outcome_ = is_not_applicable(reason) ? Outcome::not_applicable : Outcome::inconclusive;
  verdict.reason_ = reason;
  verdict.because_ = std::move(because);
  verdict.evidence_ = std::move(evidence);
  return verdict;
}

Verdict Verdict::inconclusive(const Error& error, std::vector<Citation> evidence) {
  return inconclusive(reason_of(error), error.message, std::move(evidence));
}

Verdict Verdict::not_applicable(Reason reason, std::string because, std::vector<Citation> evidence) {
  return inconclusive(reason, std::move(because), std::move(evidence));
}

void Cases::not_run(std::string name, Reason reason, std::string because) {
  if (because.empty()) because = std::string(mcprove::name(reason));
  add(std::move(name), Verdict::inconclusive(reason, std::move(because)));
}

Folded fold(const Cases& cases, const CheckInfo& info) {
  Folded folded;
  folded.severity = info.severity;
  const auto& all = cases.all();
  if (all.empty()) {
    folded.reason = Reason::unclear_answer;
    folded.because = "the check reported no case";
    return folded;
  }
  const auto outcome_of = [](const auto& entry) { return entry.second.outcome(); };
  folded.outcome = std::ranges::max(all | std::views::transform(outcome_of));
  const auto deciding = [&](const auto& entry) { return entry.second.outcome() == folded.outcome; };

  if (folded.outcome == Outcome::fail) {
    const std::pair<std::string, Verdict>* worst = nullptr;
    const auto weight = [&](const Verdict& v) {
      return std::tuple(v.grade().severity.value_or(info.severity), v.grade().level, v.grade().confidence);
    };
    for (const auto& entry : all)
      if (deciding(entry) && (worst == nullptr || weight(entry.second) > weight(worst->second))) worst = &entry;
    folded.severity = worst->second.grade().severity.value_or(info.severity);
    folded.level = worst->second.grade().level;
    folded.confidence = worst->second.grade().confidence;
    folded.because = worst->second.because();
    // Something observed that breaks a SHOULD is never worse than low.
    if (folded.level == Level::should) folded.severity = std::min(folded.severity, Severity::low);
    return folded;
  }
  const auto first = std::ranges::find_if(all, deciding);
  folded.reason = first->second.reason();
  folded.because = first->second.because();
  if (folded.outcome == Outcome::pass && all.size() > 1)
    folded.because = fmt::format("{} of {} cases", std::ranges::count_if(all, deciding), all.size());
  return folded;
}

}  // namespace mcprove
