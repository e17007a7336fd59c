#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/outcome.h"

namespace mcprove::report {

/// Checks and cases that ended for the same reason, in the same words.
struct Untold {
  std::string because{};             ///< empty: nothing beyond what the reason says
  std::vector<std::string> names{};  ///< "pkce-required", "iss-response (wire stateless)", "dcr-open [open form]"
};
struct UntestedReason {
  Reason reason{};
  std::size_t count = 0;
  std::vector<Untold> groups{};
};

/// What did not come to a verdict, by reason in the order of the closed list: whole checks with this outcome, and single
/// cases of it in checks that did come to one. What findings name as hidden is left out.
std::vector<UntestedReason> by_reason(const RunOutcome& outcome, Outcome which);

}  // namespace mcprove::report
