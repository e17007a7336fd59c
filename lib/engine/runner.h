#pragma once

#include <string>
#include <vector>

#include "engine/outcome.h"
#include "engine/session.h"

namespace mcprove {

/// The checks that the options select, by family and id.
std::vector<const RegisteredCheck*> selected(const Registry& registry, const Options& options);

/// Binds the axes, keeps the order of `assumes`, runs everything side by side on a pool, what burns something last.
class Runner {
 public:
  Runner(Session& session, const Registry& registry) : session_(session), registry_(registry) {}
  std::vector<CheckResult> run();
  std::vector<PlannedCheck> plan() const;
  /// Exceptions that left a check: bugs of ours, one line each.
  const std::vector<std::string>& bugs() const { return bugs_; }

 private:
  Session& session_;
  const Registry& registry_;
  std::vector<std::string> bugs_{};
};

/// Roots only, worst first, each with what it hides.
std::vector<Finding> findings_of(const std::vector<CheckResult>& results, const std::string& target_name,
                                 const net::Transcript& transcript);
std::string fingerprint(const CheckResult& result, const std::string& case_name, const std::string& target_name);

/// The scorecard of the authorization server.
std::vector<RequirementOutcome> requirements_of(const std::vector<CheckResult>& results, Session& session);

}  // namespace mcprove
