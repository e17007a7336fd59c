#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/audit.h"
#include "fixtures/lab.h"

namespace mcprove::testing {

/// A configuration of the lab as its command line spells it: "--architecture proxy --token opaque".
lab::LabOptions configured(std::string_view flags);

/// One check's part of an audit of a lab: what the matrix does for all, for one check and chosen flaws.
struct CheckRun {
  RunOutcome outcome{};
  std::string id{};
  std::string url{};
  /// The result at the first subject, or null.
  const CheckResult* first() const;
  /// The worst over all subjects.
  Outcome worst() const;
  std::string explain() const;
};

struct LabSetup {
  lab::LabOptions lab{};
  std::function<void(Options&)> options{};  ///< changes to what the operator says
  bool lend_introspection = false;          ///< the client of the resource server itself
};

/// Audits a lab with these flaws as alice (bob is the second identity), all effects allowed, only this check (and what
/// it assumes). What a flaw needs of the lab is set. Nothing is kept on disk; time is manual.
CheckRun audit_lab(std::string_view id, std::initializer_list<std::string_view> flaws = {}, LabSetup setup = {});
CheckRun audit_lab(std::string_view id, const std::vector<std::string_view>& flaws, LabSetup setup = {});
/// Every check at once, as the matrix does.
RunOutcome audit_whole_lab(lab::LabOptions lab, const std::vector<std::string_view>& flaws);
std::string read_file(const std::string& path);
/// Audits whatever listens at the URL, anonymously.
CheckRun audit_url(std::string_view id, const std::string& url);
/// A public server in memory that speaks the stateless wire: the result of a method as JSON text; empty: it has no such method.
/// It is asked for server/discover too, and answers by itself if the script does not.
using Script = std::function<std::string(std::string_view method, const json::Value& params)>;
CheckRun audit_script(std::string_view id, const Script& script, const std::function<void(Options&)>& options = {});
/// What an operator has who looked at a sound lab: everything that alice is shown there, pinned.
Baseline reviewed_lab();
/// The options that audit_lab uses.
Options lab_options(const lab::Lab& lab);

MATCHER_P(Is, outcome, std::string("is ") + std::string(name(outcome))) {
  *result_listener << arg.explain();
  return arg.worst() == outcome;
}
/// Some case of that name has this outcome.
MATCHER_P2(Case, case_name, outcome, std::string("has the case ") + case_name + " as " + std::string(name(outcome))) {
  *result_listener << arg.explain();
  for (const auto& result : arg.outcome.checks)
    if (result.check->id == arg.id)
      for (const auto& [each, verdict] : result.cases.all())
        if (each == case_name && verdict.outcome() == outcome) return true;
  return false;
}
/// Some deciding case cites an exchange with this method, a path that contains this, and this status.
MATCHER_P3(Cites, method, path, status, std::string("cites ") + method + " " + path) {
  *result_listener << arg.explain();
  for (const auto& result : arg.outcome.checks) {
    if (result.check->id != arg.id) continue;
    for (const auto& [each, verdict] : result.cases.all()) {
      if (verdict.outcome() != result.folded.outcome) continue;
      for (const auto& citation : verdict.evidence()) {
        const auto& exchange = arg.outcome.transcript->at(citation.exchange);
        if (exchange.request.method == method && exchange.request.url.find(path) != std::string::npos && exchange.response &&
            exchange.response->status == status)
          return true;
      }
    }
  }
  return false;
}

}  // namespace mcprove::testing
