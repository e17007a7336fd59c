#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/outcome.h"
#include "report/model.h"
#include "report/page.h"

namespace mcprove::report {

/// Findings of one check, at one or more subjects: what they have in common is said once.
using FindingGroup = std::vector<const Finding*>;

/// In the order of the worst of each group; by case name and subject within.
std::vector<FindingGroup> grouped_by_check(const RunOutcome& outcome);
/// What is wrong, where, what was seen, the proof, why it matters, how to fix it, what it hides.
void write_findings(const RunOutcome& outcome, const Cleaner& clean, const FindingGroup& group, Page& page);
/// The same of one finding without the heading, as JUnit shows it.
std::string describe(const RunOutcome& outcome, const Finding& finding);

}  // namespace mcprove::report
