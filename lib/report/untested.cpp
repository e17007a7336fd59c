#include "report/untested.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "report/model.h"

namespace mcprove::report {

namespace {

class Collector {
 public:
  void add(Reason reason, const std::string& because, std::string name) {
    auto& entry = reasons_[reason];
    entry.reason = reason;
    auto same = std::find_if(entry.groups.begin(), entry.groups.end(), [&](const Untold& u) { return u.because == because; });
    if (same == entry.groups.end()) same = entry.groups.insert(entry.groups.end(), Untold{because, {}});
    if (std::find(same->names.begin(), same->names.end(), name) != same->names.end()) return;
    same->names.push_back(std::move(name));
    ++entry.count;
  }

  std::vector<UntestedReason> take() {
    std::vector<UntestedReason> out;
    for (auto& [reason, entry] : reasons_) out.push_back(std::move(entry));
    return out;
  }

 private:
  std::map<Reason, UntestedReason> reasons_{};
};

std::string label(const CheckResult& result) {
  const std::string place = where(result.subject);
  return place.empty() ? std::string(result.check->id) : fmt::format("{} ({})", result.check->id, place);
}

/// An outcome without a reason is told as the weakest one, so that it is not lost.
Reason reason_or_weak(std::optional<Reason> reason, Outcome which) {
  if (reason) return *reason;
  return which == Outcome::not_applicable ? Reason::not_offered : Reason::evidence_weak;
}

}  // namespace

std::vector<UntestedReason> by_reason(const RunOutcome& outcome, Outcome which) {
  std::set<std::string, std::less<>> hidden;
  for (const Finding& finding : outcome.findings) hidden.insert(finding.hides.begin(), finding.hides.end());
  Collector collector;
  for (const CheckResult& result : outcome.checks) {
    const Folded& folded = result.folded;
    if (folded.outcome == which) {
      if (folded.reason == Reason::root_cause && hidden.contains(result.check->id)) continue;
      collector.add(reason_or_weak(folded.reason, which), folded.because, label(result));
    }
    // The cases of a check that ended otherwise, or for another reason.
    for (const auto& [case_name, verdict] : result.cases.all()) {
      if (verdict.outcome() != which || which == Outcome::not_applicable) continue;
      if (folded.outcome == which && folded.reason == verdict.reason()) continue;
      collector.add(reason_or_weak(verdict.reason(), which), verdict.because(), fmt::format("{} [{}]", label(result), case_name));
    }
  }
  return collector.take();
}

}  // namespace mcprove::report
